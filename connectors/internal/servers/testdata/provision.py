# Makes the databases of an Active Directory domain as the smb.conf in the folder says:
# without DNS, and without rights on the files of SYSVOL, for which the file systems of
# containers lack attributes.
import logging
import os
import sys

from samba.auth import system_session
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.param import LoadParm
from samba.provision import provision
from samba.samdb import SamDB

folder, password, bin = sys.argv[1:]
conf = os.path.join(folder, "smb.conf")
lp = LoadParm()
lp.load(conf)
provision(logging.getLogger(), system_session(), smbconf=conf, lp=lp, adminpass=password,
          realm="CORP.EXAMPLE", domain="CORP", hostname="dc1", hostip="127.0.0.1",
          serverrole="active directory domain controller", dns_backend="NONE",
          use_rfc2307=True, dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2, batch_mode=True)

if bin == "recycle bin":
    sam = SamDB(lp=lp, session_info=system_session())
    sam.modify_ldif("""dn:
changetype: modify
add: enableOptionalFeature
enableOptionalFeature: CN=Partitions,CN=Configuration,DC=corp,DC=example:766ddcd8-acd0-445e-f3b9-a7f9b6744f2a
""")
