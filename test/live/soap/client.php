<?php
// PHP calls Parley's own service: reads commands as JSON lines (`{"port", "operation", "arguments"}`), answers each by one.
[, $wsdl, $user, $password] = $argv;

/** The header with a password digest, as most PHP programs write it. */
function security(): SoapHeader
{
    $wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
    $wsu = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
    $nonce = random_bytes(16);
    $created = gmdate('Y-m-d\TH:i:s\Z');
    $digest = base64_encode(sha1($nonce . $created . 'secret-of-the-desk', true));
    $type = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest';
    $xml = "<wsse:Security xmlns:wsse=\"$wsse\" xmlns:wsu=\"$wsu\"><wsse:UsernameToken><wsse:Username>desk</wsse:Username><wsse:Password Type=\"$type\">$digest</wsse:Password>"
        . '<wsse:Nonce>' . base64_encode($nonce) . "</wsse:Nonce><wsu:Created>$created</wsu:Created></wsse:UsernameToken></wsse:Security>";
    return new SoapHeader($wsse, 'Security', new SoapVar($xml, XSD_ANYXML), true);
}

$clients = [];
while (($line = fgets(STDIN)) !== false) {
    $given = json_decode($line, true);
    $arguments = $given['arguments'];
    foreach ($arguments['attachments']['attachment'] ?? [] as $at => $one) $arguments['attachments']['attachment'][$at]['content'] = base64_decode($one['content']);
    try {
        $client = $clients[$given['port']] ??= new SoapClient($wsdl, ['login' => $user, 'password' => $password, 'soap_version' => $given['port'] === 'Soap12' ? SOAP_1_2 : SOAP_1_1, 'cache_wsdl' => WSDL_CACHE_NONE, 'exceptions' => true]);
        $client->__setSoapHeaders([security()]);
        $answer = $client->__soapCall($given['operation'], [$arguments]);
        echo json_encode(['messageId' => $answer->messageId, 'repeated' => $answer->repeated]), "\n";
    } catch (SoapFault $fault) {
        echo json_encode(['fault' => $fault->faultstring, 'code' => $fault->faultcode]), "\n";
    }
}
