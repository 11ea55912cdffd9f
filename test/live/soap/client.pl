#!/usr/bin/perl
# SOAP::Lite calls Parley's own service: reads commands as JSON lines (`{"port", "operation", "arguments"}`), answers each by one.
# It is given the address, since SOAP::Lite reads a WSDL only for services of the RPC style.
use strict;
use warnings;
use JSON::PP;
use SOAP::Lite;

$| = 1;
my ($address, $user, $password) = @ARGV;
{ no warnings 'redefine'; *SOAP::Transport::HTTP::Client::get_basic_credentials = sub { return ($user, $password) }; }

# Names and values as they come: texts get the type that SOAP::Lite takes them for.
sub data {
    my ($name, $value) = @_;
    return map { data($name, $_) } @$value if ref $value eq 'ARRAY';
    return SOAP::Data->name($name)->value(\SOAP::Data->value(map { data($_, $value->{$_}) } sort keys %$value)) if ref $value eq 'HASH';
    return SOAP::Data->name($name)->value($value);
}

while (my $line = <STDIN>) {
    my $given = decode_json($line);
    my $client = SOAP::Lite->soapversion($given->{port} eq 'Soap12' ? '1.2' : '1.1')->proxy($address);
    # Both ways to name the namespace are in use: for the operation alone, and for its parameters too.
    $given->{isQualified} ? $client->default_ns('urn:parley:ticket:1') : $client->ns('urn:parley:ticket:1');
    $client->on_action(sub { join '/', @_ })->on_fault(sub { return $_[1] });
    my $answer = $client->call($given->{operation}, map { data($_, $given->{arguments}{$_}) } sort keys %{$given->{arguments}});
    my $said = !ref $answer ? { fault => $client->transport->status, code => 'transport' }
        # SOAP::Lite knows faults of 1.1 alone; those of 1.2 are looked for by hand.
        : $answer->fault ? { fault => scalar($answer->faultstring // $answer->valueof('//Fault/Reason/Text')), code => scalar($answer->faultcode // $answer->valueof('//Fault/Code/Value')) }
        : { messageId => $answer->valueof('//messageId'), repeated => $answer->valueof('//repeated') };
    print encode_json($said), "\n";
}
