package code

import "sidestep/regex"

// What a call does with what it is given is told by its name. Names are in small
// letters; those of chains are joined by points.
var (
	logCall = regex.New(`(^|\.)(log|logs|logger|_log|_logger|logging|console|trace|debug|info|warn|warning|verbose|print|println|printf|eprintln|print_r|var_dump|var_export|dump|puts|p|pp|echo|writeline|error_log|ddebug|dd|syslog|nslog|fprintf|logmessage|log_message|add_?log\w*|append_?log\w*|write_?to_?log|log_?entry|writeentry|writelog|write_log|logit|heavylog|loginfo|logdebug|logf|infof|debugf|printfln|sysout)$|(^|\.)(log|logger|_logger|console|logging|winston|debug\.log|system\.out|system\.err)\.|rails\.logger|debug\.`)

	headerCall = regex.New(`(^|\.|_)(setsessionheader|header\.name|header\.new|set_session_header|sessionheader|session_header|getsessionheader|sessionheader_element|authenticationheadervalue|bearertoken|bearer_token|bearerauth|setbearerauth|bearer|withbearertoken|withtoken|setaccesstoken|set_access_token|setoauthtoken|setsessiontoken|usesessionid|usesession|use_session|withsessionid|loginwithsession|login_with_session|setauthtoken|basicauth)$`)

	// tokenSetter, called on what tokenTaker calls a client, gives it what it logs in with.
	tokenSetter = regex.New(`^set_?\w*(session|sid|token|auth|credential)`)
	tokenTaker  = regex.New(`(^|_)(\w*client|conn\w*|\w*service|stub|port|binding|sf|sforce|salesforce|force)$`)

	// namedHeader takes a header's name first.
	namedHeader = regex.New(`(^|\.)(setheader|addheader|set_header|add_header|header|headers|setrequestheader|setrequestproperty|addrequestheader|tryaddwithoutvalidation|add_field|default_header|putheader|withheader|set|add|append|put|addrequestproperty|httpheader|setsoapheader|__setsoapheaders|soapheader|setheaders|addsoapheader|curl_setopt)$`)

	clientCall = regex.New(`(^|\.)(connection|jsforce\w*|nforce\w*|salesforce|salesforce(login|client|connection|api|service|soap\w*|session|rest\w*|bulk\w*)|sforce\w*|restforce|databasedotcom|beatbox|pythonclient|soapclient|simple_salesforce|simplesalesforce|sftype|sfconn\w*|sf_?client|forceclient|force_?api|apiconfig|apisession|partnerconnection|enterpriseconnection|bulkconnection|restconnection|metadataconnection|connectorconfig|metaforce|soapforce|www|force|salesforcebulk\w*|toolingapi)(\.(new|create\w*|connect|from_?session\w*|tooling|client|connection|new_with_session|configure|build))*$`)

	compareCall = regex.New(`(^|\.)(equals|equalsignorecase|equal|compare|compareto|hash_equals|secure_compare|timingsafeequal|compare_digest|constanttimecompare|startswith|hasprefix|hassuffix|start_with\?|startwith|endswith|strcmp|strncmp|strpos|stripos|isequal|matches|match\?|eql\?|assertequals|verify\w*|validate\w*|isvalid\w*|check(session|sender)\w*|isauth\w*|is_valid\w*|authorize\w*|authenticate\w*|is_trusted\w*|istrusted\w*|contains|includes?\??|preg_match|sequenceequal)$`)

	emptyCall = regex.New(`(^|\.)(isnullorempty|isnullorwhitespace|isempty|is_empty|isblank|isnotblank|isnotempty|empty|isset|is_null|isnull|blank\?|present\?|nil\?|empty\?|hastext|haslength|defined|strlen|len|length|isnothing|notnull|requirenonnull)$`)

	storeCall = regex.New(`(^|\.)(insert\w*|save\w*|store\w*|persist\w*|put|put_?item|putall|set|setitem|hset|hmset|setex|setstring|set_?value|create|create!|update\w*|upsert\w*|execute\w*|exec|query\w*|prepare|bind_?param|bind_?value|add_?with_?value|write\w*|append\w*|file_put_contents|fwrite|fputs|setattribute|setproperty|set_?variable|remember|add|push|attributes|merge|assign_attributes|replace_one|insert_one|insertone|updateone|cache\w*|zadd|sadd|addparameter|setparameter|fprint\w*)$`)

	forwardCall = regex.New(`(^|\.)(send\w*|publish\w*|post\w*|exchange|enqueue\w*|perform\w*|delay|apply_async|queue\w*|emit|convertandsend|dispatch\w*|produce|invoke\w*|fetch|get|axios|request\w*|curl_\w*|file_get_contents|forward\w*|submit|start_execution|startexecution|redirect\w*|lpush|rpush|basicpublish|trigger\w*|deliver\w*|relay\w*|httppost|urlopen|sendtoqueue)$|(^|\.)(axios|restclient|httparty|requests|httpclient|httpx|faraday)\.`)

	addressCall = regex.New(`(^|\.)(setendpoint\w*|set_endpoint|setserviceendpoint|set_service_endpoint|setserverurl|setrestendpoint|setlocation|__setlocation|endpointaddress|endpoint_address|seturl|seturi|instance_url|instanceurl|serverurl|location|soapclient|uri|url|baseurl|setbaseurl|geturl|newuri|baseaddress|endpoint|setinstanceurl|setproperty|webclient)$`)

	// passing are calls whose result still is what they were given.
	passing = regex.New(`(^|\.)(string|str|tostring|to_s|valueof|strval|trim|strip|trimend|trimstart|encodeuricomponent|urlencode|rawurlencode|escape\w*|htmlspecialchars|format|sprintf|concat|join|replace|replaceall|gsub|sub|substring|substr|split|decode|encode|utf8_encode|bytes|tobytes|getbytes|first|last|single|firstordefault|textcontent|innertext|value|text|cdata|unescape|toarray|cast|convert|nullif|coalesce|cmp|or|option|some|ofnullable|orelse|if|parse|clean|xml\w*|normalize\w*|safe\w*|get_text|node_?value|getvalue|ok|unwrap|array|list|dict|object|map|hash|tuple|stringformat|interpolate|quote|lower|upper|tolower|toupper|base64\w*|b64encode|wrap|regexp?|sanitize\w*|new_?string|stringbuilder)$`)

	// reading are calls that take a key or a path.
	reading = regex.New(`(^|\.)(get\w*|find\w*|xpath|at|at_xpath|at_css|css|search|match\w*|exec|element\w*|descendants?|select\w*|query\w*|children|child|childnodes|evaluate|attr\w*|path|dig|fetch|read\w*|extract\w*|parse\w*|lookup|item|elements|node\w*|valueof|findvalue|findnodes|scan|preg_match\w*|regex\w*|first|text\w*|tag\w*|value\w*|field\w*|has\w*|contains\w*|compile|test|replace\w*|slice|split|indexof|grab|pluck|from\w*|local\w*|name\w*|xname|load\w*|\$|jsonpath|optstring|hasownproperty|array_key_exists|isset|x)$`)

	// ownLogin marks credentials that do not come from a message.
	ownLogin = regex.New(`(?i)\b(login\w*|log_in|signin|authenticate\w*|oauth2?\w*|access_?token|accesstoken|client_?secret|clientsecret|refresh_?token|grant_type|get_?token|gettoken|fetch_?token|loginresult|security_?token|jwt\w*|getsession|uuid\w*|random\w*|session_id|getenv|environ|process\.env|session_create_id|cookies?)\b`)

	senderCheck = regex.New(`(?i)userinfo|user_info|getuserinfo|get_user_info|/services/oauth2/(introspect|userinfo)|oauth2/introspect|verify_?(sender|session|token)|validate_?(sender|session|token)|getservertimestamp|/id/`)
	apiWork     = regex.New(`(?i)/services/data|sobjects?/|/query|(\.|->)(query|update|create|upsert|retrieve|insert)\w*\(\s*[^)\s]|/services/apexrest|/services/Soap/class|\.describe|composite|\.sobject\(|SELECT\s|executeAnonymous|\.apex|urn:(update|create|query|retrieve|upsert)`)

	rejects = regex.New(`(?i)return\s+(false|nil|null|undefined|none)\b|ack\W{0,12}false|\b(401|403|400|500)\b|\bthrow\b|\braise\b|\bdie\b|\bexit\b|\babort\b|reject|unauthori[sz]ed|forbidden|respond\W*false|\bhalt\b|fault|invalid|return\s+Err|panic|croak|denied|bad_?request`)

	// apart are calls that let something run while the caller goes on.
	apart = regex.New(`(?i)(^|\.)(thread(\.new|\.start)?|threading\.thread|task\.run|task\.factory\.startnew|startnew|run_?async|runasync|supplyasync|submit|executor\w*\.\w+|execute|setimmediate|settimeout|nexttick|process\.nexttick|queuemicrotask|queueuserworkitem|queuebackgroundworkitem|waituntil|add_task|background\w*|spawn|perform_later|perform_async|perform_in|enqueue\w*|delay|apply_async|after_response|afterresponse|dispatch|launch|create_task|ensure_future|run_in_executor|register_shutdown_function|defer|schedule\w*|parallelstream|fire_and_forget|fireandforget|new_?thread|goroutine|pool\.\w+|begininvoke|post_?async|future)$`)
)

// credentialKeys are names under which a client takes its token.
var credentialKeys = set("sessionid session_id session sid accesstoken access_token oauth_token oauthtoken token authtoken auth_token bearer bearertoken sessionheader")

// headerKeys are names of headers and of parts of them.
var headerKeys = set("authorization x-sfdc-session x-sforce-session sessionheader session_header urn:sessionheader urn:sessionid http_authorization proxy-authorization sessionheadervalue tns:sessionid ns1:sessionid ins0:sessionid soap:sessionheader soap_header soapheader soap_headers")
