<?php
/* SPDX-License-Identifier: Apache-2.0 */
/* php roundcube.php DRIVER SOCKET LANGUAGE ACCOUNT: what the driver tells Roundcube's password plugin of the passwords on the standard input, a
 * line each: its rules, then a score and a reason for each password, as JSON. Of Roundcube there is what the driver asks it for. */
class rcmail
{
    public $config;

    static function get_instance()
    {
        $instance = new rcmail();
        $instance->config = new class {
            function get($name, $usual = null)
            {
                global $argv;
                return $name === 'password_sekisho_socket' ? $argv[2] : $usual;
            }
        };
        return $instance;
    }
}

$_SESSION = ['username' => $argv[4], 'language' => $argv[3]];
require $argv[1];
$driver = new rcube_sekisho_password();
echo json_encode($driver->strength_rules()), "\n";
while (($password = fgets(STDIN)) !== false) {
    echo json_encode($driver->check_strength(rtrim($password, "\n"))), "\n";
}
