/* SPDX-License-Identifier: Apache-2.0 AND MIT */
/* The passwords that are used most, the most used first; those of Japan stand in front. What offends and adds nothing is left out: zxcvbn has it.
 *
 * The second part is from zxcvbn (Wheeler, USENIX Security 2016), which is under the MIT License:
 *
 * Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc.
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
 * "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
 * distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
 * the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
 * MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR
 * ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH
 * THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE. */
#include "password/most_used.h"

const char *const password_most_used[] = {
	"123456", "password", "1234", "12345678", "1qaz2wsx", "123456789", "1234qwer", "asdf1234", "qwer1234", "asdfghjk", "password1",
	"aa123456", "1q2w3e4r", "zaq12wsx", "abcd1234", "111111", "000000", "qwerty", "12345", "1234567890", "123123", "sakura", "p@ssw0rd",
	"Passw0rd", "qwertyuiop", "pass1234", "password123", "asdfgh", "abc123", "1qazxsw2", "qazwsxedc", "1q2w3e4r5t", "0000", "1111",
	"00000000", "11111111", "88888888", "12341234", "123123123", "112233", "666666", "654321", "123qwe", "qwe123", "abc12345", "abcdefg",
	"abcdefgh", "a1b2c3d4", "aaaaaa", "aaaaaaaa", "aaaa1111", "password01", "password0", "password2", "admin", "admin123", "administrator",
	"root", "user", "user123", "test", "test1234", "test123", "testtest", "guest", "guest123", "info", "info1234", "mail", "mail1234",
	"webmaster", "postmaster", "master", "welcome", "welcome1", "changeme", "letmein", "login", "letmein1", "secret", "initial", "shoki",
	"pasuwado", "doraemon", "pokemon", "pikachu", "arashi", "takuya", "kenta", "hiroyuki", "masahiro", "takahiro", "takashi", "yoshiki",
	"makoto", "1a2s3d4f", "a1s2d3f4", "1z2x3c4v", "12qw34er", "qw12er34", "member", "303030", "daisuke", "naoki", "tomoya", "kazuya", "tatsuya", "yuuki", "yuki", "hiroshi", "satoshi", "kenichi",
	"nakamura", "tanaka", "suzuki", "watanabe", "yamamoto", "kobayashi", "satou", "sato", "takahashi", "hanako", "tarou", "taro", "ichiro",
	"suki", "daisuki", "aishiteru", "aiueo", "aiueo123", "aiueo1234", "kakikukeko", "abcdefg1", "iloveyou", "sakura123", "sakura1",
	"momo1234", "momo123", "hana1234", "nippon", "japan", "japan123", "tokyo", "tokyo123", "osaka", "kyoto", "okinawa", "fujisan", "ninja",
	"samurai", "akb48", "akb48akb", "nogizaka46", "keyaki46", "exile14", "smap", "kattun", "hanshin", "hanshintigers", "tigers", "giants",
	"kyojin", "carp", "dragons", "naruto", "onepiece", "onepiece1", "luffy", "gundam", "evangelion", "conan", "totoro", "disney", "mickey",
	"mouse", "snoopy", "kitty", "hellokitty", "reiwa", "reiwa1", "heisei", "office", "office365", "company", "kaisha", "system", "server",
	"manager", "support", "staff", "service", "sales", "soumu", "eigyou", "keiri", "qazwsx", "asdfasdf", "qwerqwer", "asdfjkl", "asdfjkl;",
	"zxcvbnm", "zxcvbn", "zxcv1234", "zxcvasdf", "asdfzxcv", "asdfqwer", "qwerasdf", "qweasdzxc", "qweasd", "poiuytrewq", "lkjhgfdsa",
	"mnbvcxz", "0987654321", "09876543", "9876543210", "98765432", "87654321", "123654", "159753", "147258", "147258369", "789456",
	"789456123", "741852963", "456789", "102030", "121212", "123321", "1234567", "12345679", "123454321", "1122334455", "11223344", "2580",
	"13579", "24680", "1357924680", "20202020", "19900101", "19800101", "20000101", "qaz123", "qazqaz", "wsxedc", "1qaz", "2wsx", "3edc",
	"1qaz2wsx3edc", "!qaz2wsx", "1qaz@wsx", "!QAZ2wsx", "12qwaszx", "q1w2e3r4", "q1w2e3r4t5", "1a2b3c4d", "a123456", "a12345", "a1234567",
	"a1234", "123456a", "12345a", "1234abcd", "1234asdf", "123abc", "123asd", "asd123", "asdf123", "zxc123", "qwerty1", "qwerty12",
	"qwerty123", "qwerty1234", "qwertyui", "dragon", "baseball", "football", "monkey", "shadow", "mustang", "superman", "7777777",
	"jordan", "trustno1", "hunter", "harley", "buster", "batman", "soccer", "tigger", "charlie", "sunshine", "ranger", "hockey",
	"computer", "starwars", "pepper", "klaster", "freedom", "princess", "maggie", "pass", "ginger", "131313", "love", "cheese", "summer",
	"chelsea", "dallas", "matrix", "yankees", "corvette", "austin", "access", "thunder", "merlin", "diamond", "hello", "hammer", "silver",
	"internet", "samantha", "golfer", "scooter", "orange", "cookie", "maverick", "sparky", "phoenix", "bigdog", "guitar", "whatever",
	"chicken", "camaro", "mercedes", "peanut", "ferrari", "falcon", "cowboy", "samsung", "steelers", "smokey", "dakota", "arsenal",
	"boomer", "eagles", "marina", "nascar", "gateway", "yellow", "porsche", "monster", "spider", "diablo", "hannah", "bulldog", "junior",
	"london", "purple", "compaq", "lakers", "iceman", "cowboys", "money", "banana", "ncc1701", "boston", "tennis", "coffee", "scooby",
	"nikita", "yamaha", "mother", "barney", "brandy", "chester", "oliver", "player", "forever", "rangers", "midnight", "chicago",
	"bigdaddy", "redsox", "angel", "badboy", "fender", "jasper", "slayer", "rabbit", "natasha", "marine", "wizard", "marlboro", "raiders",
	"prince", "casper", "fishing", "flower", "jasmine", "iwantu", "adidas", "winter", "winner", "gandalf", "enter", "golden", "cocacola",
	"jordan23", "winston", "madison", "angels", "panther", "sophie", "thx1138", "toyota", "tiger", "canada", "12344321", "8675309",
	"liverpoo", "apples", "passw0rd", "slipknot", "qazxsw", "scorpion", "qwaszx", "startrek", "rainbow", "asdfghjkl", "razz", "newyork",
	"redskins", "gemini", "cameron", "florida", "liverpool", "turtle", "sierra", "viking", "doctor", "rocket", "159357", "dolphins",
	"captain", "bandit", "jaguar", "packers", "pookie", "peaches", "asdf", "dolphin", "helpme", "blue", "theman", "maxwell", "lovers",
	"maddog", "nirvana", "metallic", "hotdog", "rosebud", "mountain", "warrior", "stupid", "elephant", "success", "bond007", "alexis",
	"lucky", "scorpio", "samson", "q1w2e3", "azerty", "rush2112", "driver", "freddy", "sydney", "gators", "dexter", "red123", "123456q",
	"bubba", "creative", "voodoo", "golf", "trouble", "america", "nissan", "gunner", "garfield", "5150", "apollo", "2112", "eminem",
	"legend", "airborne", "bear", "beavis", "apple", "brooklyn", "godzilla", "skippy", "4815162342", "buddy", "qwert", "kitten", "magic",
	"shelby", "phantom", "asdasd", "xavier", "braves", "darkness", "blink182", "copper", "platinum", "qweqwe", "tomcat", "01012011",
	"girls", "bigboy", "animal", "police", "online", "voyager", "lifehack", "fish", "sniper", "315475", "trinity", "blazer", "heaven",
	"lover", "snowball", "loveme", "bubbles", "cricket", "willow", "donkey", "topgun", "nintendo", "saturn", "destiny", "pakistan",
	"pumpkin", "digital", "sergey", "redwings", "explorer", "private", "runner", "therock", "guinness", "lasvegas", "beatles", "fire",
	"cassie", "christin", "celtic", "andrey", "broncos", "007007", "babygirl", "eclipse", "fluffy", "cartman", "michigan", "carolina",
	"testing", "alexande", "birdie", "pantera", "cherry", "vampire", "mexico", "buffalo", "genius", "montana", "beer", "minecraft",
	"maximus", "flyers", "lovely", "stalker", "metallica", "doggie", "snickers", "speedy", "bronco", "lol123", "paradise", "yankee",
	"horses", "magnum", "dreams", "lacrosse", "ou812", "goober", "enigma", "qwertyu", "scotty", "surfer", "poohbear", "genesis", "star",
	"racing", "hello1", "hawaii", "eagle1", "viper", "einstein", "12345q", "drowssap", "simple", "badger", "alaska", "action", "jester",
	"drummer", "111222", "spitfire", "forest", "maryjane", "champion", "diesel", "svetlana", "friday", "hotrod", "chevy", "lucky1",
	"westside", "security", "google", "tester", "shorty", "thumper", "hitman", "mozart", "reddog", "010203", "lizard", "123456789a",
	"ruslan", "eagle", "1232323q", "scarface", "147852", "buddha", "420420", "spirit", "money1", "stargate", "mercury", "liberty",
	"12345qwert", "semperfi", "popcorn", "spooky", "marley", "scotland", "cherokee", "vikings", "simpsons", "rascal", "hummer", "loveyou",
	"michael1", "patches", "russia", "jupiter", "penguin", "passion", "honda", "vladimir", "sandman", "passport", "raider", "123789",
	"infinity", "bulldogs", "fantasy", "1234554321", "domino", "budlight", "ironman", "softball", "brutus", "redrum", "bigred", "karina",
	"marines", "digger", "kawasaki", "cougar", "fireman", "oksana", "monday", "justice", "super", "wildcats", "tinker", "logitech",
	"dancer", "swordfis", "avalon", "everton", "alexandr", "motorola", "patriots", "madonna", "ducati", "colorado", "connor", "juventus",
	"galore", "smooth", "freeuser", "warcraft", "boogie", "titanic", "wolverin", "elizabet", "arizona", "valentin", "saints", "asdfg",
	"accord", "christ", "yfnfif", "stinky", "spiderma", "chopper", "hello123", "ncc1701d", "extreme", "skyline", "zombie", "pearljam",
	"123qweasd", "froggy", "awesome", "vision", "pirate", "dreamer", "bullet", "predator", "empire", "123123a", "kirill", "charlie1",
	"panthers", "skipper", "nemesis", "rasdzv3", "peekaboo", "rolltide", "cardinal", "psycho", "danger", "mookie", "happy1", "chevelle",
	"manutd", "goblue", "9379992", "hobbes", "vegeta", "852456", "picard", "159951", "windows", "loverboy", "victory", "bambam", "serega",
	"123654789", "turkey", "tweety", "galina", "hiphop", "rooster", "berlin", "taurus", "polina", "electric", "avatar", "134679", "maksim",
	"raptor", "alpha1", "hendrix", "newport", "brazil", "spring", "a1b2c3", "madmax", "alpha", "britney", "sublime", "darkside", "bigman",
	"wolfpack", "classic", "hercules", "ronaldo", "1q2w3e", "spiderman", "blizzard", "123456789q", "cheyenne", "cjkysirj", "tiger1",
	"wombat", "bubba1", "pandora", "holiday", "wildcat", "devils", "horse", "alabama", "caesar", "12312", "buddy1", "pickle", "shaggy",
	"catch22", "leather", "chronic", "qqq111", "airplane", "kodiak", "freepass", "billybob", "sunset", "katana", "chocolat", "snowman",
	"angel1", "stingray", "firebird", "wolves", "zeppelin", "detroit", "pontiac", "panzer", "outlaw", "redhead", "tarheels", "greenday",
	"nastya", "01011980", "engineer", "dragon1", "hellfire", "serenity", "cobra", "fireball", "darkstar", "1029384756", "01011",
	"mustang1", "flash", "124578", "strike", "beauty", "pavilion", "01012000", "bobafett", "bigmac", "bowling", "chris1", "ytrewq",
	"natali", "pyramid", "rulez", "dodgers", "apache", "swimming", "whynot", "teens", "trooper", "defender", "precious", "135790",
	"packard", "weasel", "popeye", "lucifer", "cancer", "icecream", "142536", "raven", "swordfish", "presario", "viktor", "rockstar",
	"blonde", "james1", "wutang", "spike", "atlanta", "airforce", "thailand", "casino", "lennon", "741852", "hacker", "bluebird",
	"hawkeye", "456123", "theone", "catfish", "sailor", "goldfish", "tattoo", "barbie", "maxima", "machine", "trucks", "wrangler", "rocks",
	"tornado", "lights", "cadillac", "bubble", "pegasus", "madman", "longhorn", "browns", "target", "qazwsx123", "microsoft", "dilbert",
	"christia", "baller", "shooter", "xfiles", "seattle", "cthutq", "amateur", "prelude", "corona", "freaky", "malibu", "123qweasdzxc",
	"assassin", "246810", "atlantis", "integra", "iloveu", "lonewolf", "monkey1", "unicorn", "software", "bobcat", "stealth", "peewee",
	"openup", "753951", "srinivas", "zaqwsx", "valentina", "shotgun", "trigger", "veronika", "bruins", "coyote", "babydoll", "joker",
	"dollar", "lestat", "rocky1", "random", "wordpass", "smiley", "sweety", "snake", "chipper", "woody", "devildog", "gizmo", "maddie",
	"soso123aljg", "freedom1", "flipper", "express", "hjvfirf", "moose", "cessna", "piglet", "polaris", "teacher", "montreal", "cookies",
	"wolfgang", "scully", "fatboy", "wicked", "balls", "tickle", "bunny", "foobar", "transam", "pepsi", "oicu812", "basketba", "toshiba",
	"sunday", "booty", "gambit", "31415926", "impala", "stephani", "jessica1", "lancer", "knicks", "shamrock", "stinger", "314159",
	"redneck", "deftones", "squirt", "siemens", "blaster", "trucker", "subaru", "renegade", "ibanez", "manson", "reaper", "blondie",
	"mylove", "galaxy", "blahblah", "enterpri", "travel", "babylon5", "indiana", "skeeter", "master1", "sugar", "smoke", "sweetpea",
	"marino", "smitty", "bigfoot", "larisa", "trumpet", "spartan", "valera", "babylon", "asdfghj", "yankees1", "stormy", "mister",
	"hamlet", "aardvark", "marathon", "paladin", "cavalier", "manchester", "skater", "indigo", "hornet", "buckeyes", "01011990", "indians",
	"karate", "hesoyam", "toronto", "diamonds", "chiefs", "buckeye", "highland", "charger", "redman", "passwor", "maiden", "drpepper",
	"storm", "garden", "12345678910", "pencil", "sherlock", "timber", "thuglife", "insane", "pizza", "jungle", "jesus1", "aragorn",
	"1a2b3c", "hamster", "david1", "triumph", "techno", "lollol", "pioneer", "catdog", "321654", "morpheus", "141627", "pascal", "shadow1",
	"hobbit", "consumer", "blabla", "justme", "stones", "chrissy", "spartak", "goforit", "burger", "pitbull", "italia", "barcelona",
	"hunting", "colors", "kissme", "overlord", "pebbles", "sundance", "emerald", "doggy", "racecar", "irina", "element", "1478963",
	"zipper", "alpine", "basket", "goddess", "poison", "chichi", "huskers", "q12345", "ultimate", "ncc1701e", "blackie", "nicola",
	"rommel", "matthew1", "caserta", "omega", "geronimo", "sammy1", "trojan", "123qwe123", "philips", "nugget", "tarzan", "chicks",
	"aleksandr", "trixie", "portugal",
};

const size_t password_most_used_count = sizeof password_most_used / sizeof *password_most_used;
