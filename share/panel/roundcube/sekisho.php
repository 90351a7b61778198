<?php
/* SPDX-License-Identifier: Apache-2.0 */
/* Roundcube's password plugin asks sekisho whether a new password is good, before its own driver changes it. To be copied to
 * plugins/password/drivers/sekisho.php; in the plugin's config.inc.php:
 *
 *   $config['password_strength_driver'] = 'sekisho';
 *   $config['password_minimum_score'] = 5;
 *   $config['password_sekisho_socket'] = 'unix:///run/sekisho-password/socket';   (or 'tcp://127.0.0.1:port'; this is the usual one)
 *
 * Where nobody answers the password is not changed. */
class rcube_sekisho_password
{
    private const GOOD = 5, BAD = 1, SECONDS = 5, LONGEST = 65536;

    /* what a password has to be, to be shown beside the form */
    function strength_rules()
    {
        $answer = $this->ask(['demands' => true]);

        return $answer['demands'] ?? [];
    }

    /* the score, and why it is no better */
    function check_strength($passwd)
    {
        $answer = $this->ask(['account' => $_SESSION['username'] ?? '', 'password' => $passwd]);
        $reasons = [];

        if (!isset($answer['good'])) {
            return [self::BAD, $answer['error'] ?? 'The password cannot be checked now. Please try again later.'];
        }
        foreach ($answer['objections'] as $objection) {
            $reasons[] = $objection['why'] . ' ' . $objection['mend'];
        }
        return [$answer['good'] ? self::GOOD : self::BAD, implode(' ', $reasons)];
    }

    /* one line each way; null where nobody answers */
    private function ask($question)
    {
        $where = rcmail::get_instance()->config->get('password_sekisho_socket', 'unix:///run/sekisho-password/socket');
        $server = @stream_socket_client($where, $code, $why, self::SECONDS);

        if (!$server) {
            return null;
        }
        stream_set_timeout($server, self::SECONDS);
        $question['language'] = substr($_SESSION['language'] ?? 'en', 0, 2);
        fwrite($server, json_encode($question) . "\n");
        $answer = json_decode(fgets($server, self::LONGEST) ?: '', true);
        fclose($server);
        return $answer;
    }
}
