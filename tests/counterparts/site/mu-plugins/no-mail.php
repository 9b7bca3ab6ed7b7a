<?php
// WordPress keeps a function of this name that is there before its own: no mail leaves a test.
function wp_mail()
{
    return true;
}
