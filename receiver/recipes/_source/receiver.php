<?php
// A receiver of Salesforce outbound messages that needs no session id. Its settings:
// SF_ORG_ID (18 characters), SF_DOMAIN (https://acme.my.salesforce.com), SF_CLIENT_ID,
// SF_CLIENT_SECRET, HOOK_PATH (long and secret, as in /sf/8f2c41), STORE (a folder that
// the web server does not serve). Every minute, from cron: php receiver.php work
declare(strict_types=1);

const ACK = '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
    . '<soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>';
define('STORE', getenv('STORE'));
foreach (['inbox', 'done'] as $folder) {
    is_dir(STORE . "/$folder") || mkdir(STORE . "/$folder", 0700, true);
}
PHP_SAPI === 'cli' ? work() : receive();

/** Checks, stores, and only then acknowledges. */
function receive(): void
{
    header('Content-Type: text/xml; charset=utf-8');
    $body = file_get_contents('php://input', false, null, 0, 1 << 20);
    $message = new DOMDocument();
    // No document type, and with it no entities; nothing is fetched.
    $read = !str_contains($body, '<!DOCTYPE') && @$message->loadXML($body, LIBXML_NONET);
    $path = new DOMXPath($message);
    $path->registerNamespace('o', 'http://soap.sforce.com/2005/09/outbound');
    $path->registerNamespace('sf', 'urn:sobject.enterprise.soap.sforce.com');
    if ($_SERVER['REQUEST_METHOD'] !== 'POST' || $_SERVER['REQUEST_URI'] !== getenv('HOOK_PATH') || !$read
        || strlen(getenv('SF_ORG_ID')) !== 18 || $path->evaluate('string(//o:notifications/o:OrganizationId)') !== getenv('SF_ORG_ID')) {
        http_response_code(403);
        return;
    }
    try {
        foreach ($path->query('//o:notifications/o:Notification') as $item) {
            store($path->evaluate('string(o:Id)', $item), $path->evaluate('string(o:sObject/sf:Id)', $item));
        }
    } catch (Throwable $problem) {
        error_log('not stored: ' . $problem->getMessage());
        http_response_code(500); // no Ack: Salesforce sends again
        return;
    }
    echo ACK;
}

/** Keeps a notification once: Salesforce may send it several times. */
function store(string $id, string $record): void
{
    if (!preg_match('/\A[a-zA-Z0-9]{18}\z/', $id) || !preg_match('/\A[a-zA-Z0-9]{18}\z/', $record)) {
        throw new UnexpectedValueException('no ids');
    }
    if (file_exists(STORE . "/inbox/$id") || file_exists(STORE . "/done/$id")) {
        return;
    }
    $fresh = tempnam(STORE, 'new');
    $file = fopen($fresh, 'w');
    if (fwrite($file, $record) !== 18 || !fsync($file) || !fclose($file) || !rename($fresh, STORE . "/inbox/$id")) {
        throw new RuntimeException('the disk refuses');
    }
}

/** Does what is in the inbox. What fails stays there and is tried again. */
function work(): void
{
    $lock = fopen(STORE . '/lock', 'c');
    if (!flock($lock, LOCK_EX | LOCK_NB)) {
        return; // the run before is still at it
    }
    foreach (glob(STORE . '/inbox/*') as $file) {
        try {
            withToken(file_get_contents($file));
            rename($file, STORE . '/done/' . basename($file));
        } catch (Throwable $problem) {
            error_log(basename($file) . ': ' . $problem->getMessage());
        }
    }
}

/** Calls the org, and once more with a new token if the cached one is refused. */
function withToken(string $record): string
{
    for ($attempt = 1; ; $attempt++) {
        // Cached from run to run: a user may log in 3,600 times an hour.
        $token = @file_get_contents(STORE . '/token') ?: logIn();
        [$status, $text] = call($token, $record);
        if ($status === 200) {
            return $text;
        }
        if ($attempt === 2 || $status !== 401 && !str_contains($text, 'INVALID_SESSION_ID')) {
            throw new RuntimeException("HTTP $status " . substr($text, 0, 200));
        }
        unlink(STORE . '/token');
    }
}

/** Asks the My Domain that is configured, never a host out of a message. */
function logIn(): string
{
    [$status, $text] = send('/services/oauth2/token', [], http_build_query(
        ['grant_type' => 'client_credentials', 'client_id' => getenv('SF_CLIENT_ID'), 'client_secret' => getenv('SF_CLIENT_SECRET')]));
    $token = json_decode($text, true)['access_token'] ?? throw new RuntimeException("no token: HTTP $status");
    umask(0077);
    file_put_contents(STORE . '/token', $token);
    return $token;
}

/** Is where your own work goes. This one reads the record. */
function call(string $token, string $record): array
{
    $soql = "SELECT Id FROM Account WHERE Id = '$record'";
    // [rest]
    return send('/services/data/v66.0/query?q=' . rawurlencode($soql), ["Authorization: Bearer $token"]);
    // [soap]
    // The token goes where the message's SessionId went. Nothing else changes.
    return send('/services/Soap/u/66.0', ['Content-Type: text/xml; charset=UTF-8', 'SOAPAction: ""'],
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="urn:partner.soap.sforce.com"><e:Header><p:SessionHeader><p:sessionId>' . $token
        . "</p:sessionId></p:SessionHeader></e:Header><e:Body><p:query><p:queryString>$soql</p:queryString></p:query></e:Body></e:Envelope>");
    // [end]
}

function send(string $path, array $headers, ?string $body = null): array
{
    $curl = curl_init(getenv('SF_DOMAIN') . $path);
    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30, CURLOPT_HTTPHEADER => $headers]
        + ($body === null ? [] : [CURLOPT_POSTFIELDS => $body]));
    $text = curl_exec($curl);
    return $text === false ? throw new RuntimeException(curl_error($curl)) : [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $text];
}
