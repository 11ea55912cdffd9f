"""A ticket service on spyne: `server.py <port> <11|12>`. Documents are checked against its schema."""
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from spyne import Application, Array, ByteArray, ComplexModel, Fault, Integer, ServiceBase, Unicode, rpc
from spyne.protocol.soap import Soap11, Soap12
from spyne.server.wsgi import WsgiApplication

NS = 'urn:itsm.test:tickets'
tickets = {}
locked = set()


class Attachment(ComplexModel):
    __namespace__ = NS
    name = Unicode
    data = ByteArray


class Ticket(ComplexModel):
    __namespace__ = NS
    external_id = Unicode
    subject = Unicode(min_occurs=1, nillable=False)
    priority = Integer
    attachments = Array(Attachment)


class Tickets(ServiceBase):
    @rpc(Ticket, _returns=Unicode)
    def CreateTicket(ctx, ticket):
        if ticket.subject == 'refuse me':
            raise Fault('Client.Rejected', 'subject refused')
        if ticket.subject == 'busy once' and ticket.external_id not in locked:
            locked.add(ticket.external_id)
            raise Fault('Server', 'try again')
        number = 'T-%d' % (len(tickets) + 1)
        tickets[number] = ticket
        return number

    @rpc(Unicode, Ticket)
    def UpdateTicket(ctx, id, ticket):
        if id not in tickets:
            raise Fault('Client.NotFound', 'no ticket ' + id)
        tickets[id].subject = ticket.subject

    @rpc(Unicode, _returns=Unicode)
    def FindTicket(ctx, external_id):
        return next((number for number, one in tickets.items() if one.external_id == external_id), None)

    @rpc(Unicode, _returns=Ticket)
    def GetTicket(ctx, id):
        if id not in tickets:
            raise Fault('Client.NotFound', 'no ticket ' + id)
        return tickets[id]

    @rpc(_returns=Integer)
    def CountTickets(ctx):
        return len(tickets)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


protocol = {'11': Soap11, '12': Soap12}[sys.argv[2]]
application = Application([Tickets], NS, in_protocol=protocol(validator='lxml'), out_protocol=protocol())
make_server('127.0.0.1', int(sys.argv[1]), WsgiApplication(application), handler_class=Quiet).serve_forever()
