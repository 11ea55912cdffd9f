"""zeep calls Parley's own service: reads commands as JSON lines (`{"port", "operation", "arguments"}`), answers each by one."""
import base64
import json
import sys

from requests import Session
from requests.auth import HTTPBasicAuth
from zeep import Client
from zeep.exceptions import Fault
from zeep.transports import Transport
from zeep.wsa import WsAddressingPlugin
from zeep.wsse.username import UsernameToken

wsdl, user, password = sys.argv[1:4]
session = Session()
session.auth = HTTPBasicAuth(user, password)
token = UsernameToken('desk', 'secret-of-the-desk', use_digest=True)
client = Client(wsdl, transport=Transport(session=session), wsse=token, plugins=[WsAddressingPlugin()])
ports = {name: client.bind('Parley', name) for name in ('Soap11', 'Soap12')}

for line in sys.stdin:
    given = json.loads(line)
    arguments = given['arguments']
    for one in (arguments.get('attachments') or {}).get('attachment', []):
        one['content'] = base64.b64decode(one['content'])
    try:
        answer = ports[given['port']][given['operation']](**arguments)
        print(json.dumps({'messageId': answer.messageId, 'repeated': answer.repeated}), flush=True)
    except Fault as fault:
        print(json.dumps({'fault': fault.message, 'code': str(fault.code)}), flush=True)
