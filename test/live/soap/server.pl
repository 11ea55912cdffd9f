#!/usr/bin/perl
# A ticket service on SOAP::Lite, RPC with encoded parameters: `server.pl <port>`. It takes either version and answers in that. What it knows is kept in FOLDER as well,
# since it serves one connection after the other: whoever keeps his keeps it from all others.
use strict;
use warnings;
use utf8;
use JSON::PP;
use MIME::Base64;
use SOAP::Transport::HTTP;

package Tickets;
our @ISA = ('SOAP::Server::Parameters');
my (@tickets, %busy);

sub fault { die SOAP::Fault->faultcode($_[0])->faultstring($_[1]) }
sub keep {
    open my $file, '>', "$ENV{FOLDER}/tickets.json" or die $!;
    print $file JSON::PP->new->ascii->encode([map { { subject => $_->{subject}, files => $_->{files} } } @tickets]);
    close $file;
}
sub text { SOAP::Data->name($_[0])->type('string')->value($_[1]) }

sub CreateTicket {
    my $call = pop;
    my $ticket = $call->valueof('//CreateTicket/ticket');
    fault('Client.Rejected', 'subject refused') if $ticket->{subject} eq 'refuse me';
    # What dies without a fault of its own.
    die "try again\n" if $ticket->{subject} eq 'busy once' && !$busy{$ticket->{external_id}}++;
    my @files = $call->valueof('//CreateTicket/ticket/attachments/Attachment');
    push @tickets, { %$ticket, files => [map { [$_->{name}, MIME::Base64::encode_base64($_->{data}, '')] } @files] };
    keep();
    return text('number', 'T-' . @tickets);
}

sub UpdateTicket {
    my $call = pop;
    my ($index) = $call->valueof('//UpdateTicket/id') =~ /^T-(\d+)$/;
    fault('Client.NotFound', 'no such ticket') unless $index && $index <= @tickets;
    $tickets[$index - 1]{subject} = $call->valueof('//UpdateTicket/ticket/subject');
    keep();
    return;
}

sub FindTicket {
    my $key = pop->valueof('//FindTicket/external_id');
    my ($found) = grep { $tickets[$_]{external_id} eq $key } 0 .. $#tickets;
    return defined $found ? text('number', 'T-' . ($found + 1)) : ();
}

package main;
$SIG{PIPE} = 'IGNORE';
SOAP::Transport::HTTP::Daemon->new(LocalAddr => '127.0.0.1', LocalPort => $ARGV[0], ReuseAddr => 1)->dispatch_with({ 'urn:itsm.test:tickets' => 'Tickets' })->handle;
