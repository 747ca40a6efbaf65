import ctypes, json, sys
L=ctypes.CDLL('libpcre2-8.so.0')
P=ctypes.c_void_p; SZ=ctypes.c_size_t
L.pcre2_compile_8.restype=P; L.pcre2_compile_8.argtypes=[P,SZ,ctypes.c_uint32,P,P,P]
L.pcre2_match_data_create_from_pattern_8.restype=P; L.pcre2_match_data_create_from_pattern_8.argtypes=[P,P]
L.pcre2_match_8.restype=ctypes.c_int; L.pcre2_match_8.argtypes=[P,P,SZ,SZ,ctypes.c_uint32,P,P]
L.pcre2_get_ovector_pointer_8.restype=ctypes.POINTER(SZ); L.pcre2_get_ovector_pointer_8.argtypes=[P]
L.pcre2_get_ovector_count_8.restype=ctypes.c_uint32; L.pcre2_get_ovector_count_8.argtypes=[P]
L.pcre2_code_free_8.argtypes=[P]; L.pcre2_match_data_free_8.argtypes=[P]
L.pcre2_get_error_message_8.argtypes=[ctypes.c_int,P,SZ]
L.pcre2_match_context_create_8.restype=P; L.pcre2_match_context_create_8.argtypes=[P]
L.pcre2_set_match_limit_8.argtypes=[P,ctypes.c_uint32]
MC=L.pcre2_match_context_create_8(None); L.pcre2_set_match_limit_8(MC,200000)
UTF=0x00080000; CASELESS=8; NO_START_OPT=0x10000
def u16(b): return len(b.decode('utf8','surrogatepass').encode('utf-16-le','surrogatepass'))//2
for line in sys.stdin:
    q=json.loads(line); p=q['p'].encode('utf8','surrogatepass')
    err=ctypes.c_int(); off=SZ()
    code=L.pcre2_compile_8(p,len(p),UTF|NO_START_OPT|0x4000|(CASELESS if q.get('i') else 0),ctypes.byref(err),ctypes.byref(off),None)
    if not code:
        buf=ctypes.create_string_buffer(256); L.pcre2_get_error_message_8(err,buf,256)
        pre=p[:off.value]
        try: o=u16(pre)
        except Exception: o=off.value
        print(json.dumps({'error':buf.value.decode(),'offset':o})); continue
    md=L.pcre2_match_data_create_from_pattern_8(code,None)
    out=[]
    for t in q.get('t',[]):
        b=t.encode('utf8','surrogatepass')
        rc=L.pcre2_match_8(code,b,len(b),0,0,md,MC)
        if rc==-1: out.append(None); continue
        if rc<0: out.append({'rc':rc}); continue
        ov=L.pcre2_get_ovector_pointer_8(md); n=L.pcre2_get_ovector_count_8(md)
        sp=[]
        for k in range(n):
            a,e=ov[2*k],ov[2*k+1]
            sp.append(None if a==2**64-1 or k>=rc else [u16(b[:a]),u16(b[:e])])
        out.append(sp)
    print(json.dumps({'m':out}))
    L.pcre2_match_data_free_8(md); L.pcre2_code_free_8(code)
