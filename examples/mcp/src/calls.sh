# the token of an application, for scopes
token() {
  curl -s -u orders-app:orders-app-secret "$ISSUER/token" -d grant_type=client_credentials -d "scope=$1" -d "resource=$MCP" |
    sed 's/.*"access_token":"\([^"]*\)".*/\1/'
}
# a call of a tool, in MCP's revision 2026-07-28, which has no sessions
call() {
  local version=io.modelcontextprotocol/protocolVersion
  curl -i "$MCP" "${@:2}" -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
    -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H "Mcp-Name: $1" \
    -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"'"$1"'","arguments":{"id":7},"_meta":{"'"$version"'":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}'
}

# nothing presented: 401, and where to find out more
call list_orders
# the document that the challenge names: 200
curl -i "${MCP%/mcp}/.well-known/oauth-protected-resource/mcp"
# a token: 200
call list_orders -H "Authorization: Bearer $(token orders:read)"
# a token without the scope of the tool: 403, and all that it needs
call delete_order -H "Authorization: Bearer $(token orders:read)"
# a token with it: 200
call delete_order -H "Authorization: Bearer $(token 'orders:read orders:write')"
