<?php
// What a web server would do: uploads are files of this site, other files are WordPress's, all else is a pretty address.
$path = urldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/');
$uploads = getenv('COUNTERPART') . '/content/uploads/';
if (str_starts_with($path, '/wp-content/uploads/')) {
    $file = realpath($uploads . substr($path, strlen('/wp-content/uploads/')));
    if ($file !== false && is_file($file) && str_starts_with($file, realpath($uploads))) {
        header('Content-Type: ' . mime_content_type($file));
        header('Content-Length: ' . filesize($file));
        readfile($file);
        return true;
    }
}
$here = $_SERVER['DOCUMENT_ROOT'] . $path;
if (is_file($here) || (is_dir($here) && $path !== '/' && is_file("$here/index.php"))) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
