<?php
// A ticket service on PHP's SOAP, a script that is run anew for each request: `php -S 127.0.0.1:<port> server.php`. SOAP_VERSION is 11 or 12; what it knows is kept in FOLDER.
$folder = getenv('FOLDER');
$version = getenv('SOAP_VERSION');
$file = "$folder/tickets.json";
$tickets = file_exists($file) ? json_decode(file_get_contents($file), true) : [];

class Tickets
{
    private $who = null;

    /** Called with the header of that name: a password as WS-Security digests it. */
    public function Security($header)
    {
        $token = $header->UsernameToken;
        $digest = base64_encode(sha1(base64_decode($token->Nonce) . $token->Created . 'secret', true));
        if ($token->Password !== $digest) throw new SoapFault('Client', 'wrong password');
        $this->who = $token->Username;
    }

    public function CreateTicket($request)
    {
        global $tickets, $folder;
        if ($this->who !== 'u') throw new SoapFault('Client', 'nobody');
        $ticket = $request->ticket;
        if ($ticket->subject === 'refuse me') throw new SoapFault('Client', 'subject refused', null, (object) ['why' => 'because']);
        if ($ticket->subject === 'busy once' && !file_exists("$folder/busy-$ticket->external_id")) {
            touch("$folder/busy-$ticket->external_id");
            throw new SoapFault('Server', 'try again');
        }
        $number = 'T-' . (count($tickets) + 1);
        $files = $ticket->attachments->Attachment ?? [];
        $tickets[$number] = ['key' => $ticket->external_id, 'subject' => $ticket->subject, 'files' => array_map(fn ($one) => [$one->name, base64_encode($one->data)], is_array($files) ? $files : [$files])];
        return ['CreateTicketResult' => $number];
    }

    public function UpdateTicket($request)
    {
        global $tickets;
        if (!isset($tickets[$request->id])) throw new SoapFault('Client', "no ticket $request->id");
        $tickets[$request->id]['subject'] = $request->ticket->subject;
        return [];
    }

    public function FindTicket($request)
    {
        global $tickets;
        foreach ($tickets as $number => $one) if ($one['key'] === $request->external_id) return ['FindTicketResult' => $number];
        return [];
    }
}

$wsdl = "$folder/tickets.wsdl";
$binding = $version === '12' ? 'http://schemas.xmlsoap.org/wsdl/soap12/' : 'http://schemas.xmlsoap.org/wsdl/soap/';
file_put_contents($wsdl, str_replace(['$BINDING$', '$ADDRESS$'], [$binding, "http://{$_SERVER['HTTP_HOST']}/"], file_get_contents(__DIR__ . '/tickets.wsdl')));
$server = new SoapServer($wsdl, ['soap_version' => $version === '12' ? SOAP_1_2 : SOAP_1_1, 'cache_wsdl' => WSDL_CACHE_NONE]);
$server->setClass('Tickets');
$server->handle();
file_put_contents($file, json_encode($tickets, JSON_INVALID_UTF8_SUBSTITUTE));
