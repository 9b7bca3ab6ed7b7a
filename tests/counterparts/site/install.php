<?php
// Install the site: an administrator for the tests' own reading, and an editor, each with an application password.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = parse_url(getenv('WORDPRESS_URL'), PHP_URL_HOST);
require getenv('WORDPRESS') . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

$password = bin2hex(random_bytes(16));
$admin = wp_install('The harbour', 'admin', 'admin@example.org', true, '', $password)['user_id'];
$editor = wp_insert_user([
    'user_login' => 'ines',
    'user_email' => 'ines@example.org',
    'user_pass' => bin2hex(random_bytes(16)),
    'role' => 'editor',
]);
foreach ([1, 2, 3] as $sample) {
    wp_delete_post($sample, true);
}
update_option('ping_sites', '');
update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');

$keys = [];
foreach (['admin' => $admin, 'ines' => $editor] as $name => $id) {
    [$key] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'Greenroom']);
    $keys[$name] = WP_Application_Passwords::chunk_password($key);  // with spaces, as a person copies it
}
echo "\n" . json_encode($keys) . "\n";
