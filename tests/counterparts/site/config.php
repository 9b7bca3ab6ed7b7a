<?php
// The settings of the WordPress that tests run against; WordPress's own wp-config.php requires this.
define('DB_HOST', 'localhost:' . getenv('COUNTERPART') . '/socket');
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
$table_prefix = 'wp_';

define('WP_HOME', getenv('WORDPRESS_URL'));
define('WP_SITEURL', getenv('WORDPRESS_URL'));
define('WP_CONTENT_DIR', getenv('COUNTERPART') . '/content');
define('WPMU_PLUGIN_DIR', __DIR__ . '/mu-plugins');

define('WP_ENVIRONMENT_TYPE', 'local');  // allows application passwords without TLS
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);  // a test runs it when it wants to
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISALLOW_FILE_MODS', true);

if (!defined('ABSPATH')) {
    define('ABSPATH', getenv('WORDPRESS') . '/');
}
require_once ABSPATH . 'wp-settings.php';
