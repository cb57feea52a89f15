# the token of an application, for scopes; with `/opaque`, one that only the provider can read
token() {
  curl -s -u "$1:$1-secret" "$ISSUER/token" -d grant_type=client_credentials -d "scope=$2" -d "resource=$API$3" |
    sed 's/.*"access_token":"\([^"]*\)".*/\1/'
}
TOKEN=$(token orders-app 'orders:read')
OPAQUE=$(token orders-app 'orders:read' /opaque)
MFA=$(token mfa-app 'orders:read orders:write')
WEAK=$(token password-app 'orders:read orders:write')
ADMIN=$(token admin-app 'tokens:revoke')

# nothing presented: 401, and where to find out more
curl -i "$API/orders"
# the document that the challenge names: 200
curl -i "$API/.well-known/oauth-protected-resource"
# a JWT: 200
curl -i -H "Authorization: Bearer $TOKEN" "$API/orders"
# an opaque token: 200
curl -i -H "Authorization: Bearer $OPAQUE" "$API/orders"
# a token without the scope: 403
curl -i -H "Authorization: Bearer $TOKEN" -X POST "$API/orders"
# a token with it: 201
curl -i -H "Authorization: Bearer $WEAK" -X POST "$API/orders"
# a login that is too weak: 401, and which one would do
curl -i -H "Authorization: Bearer $WEAK" -X POST "$API/orders/7/refund"
# a login with two factors, of just now: 200
curl -i -H "Authorization: Bearer $MFA" -X POST "$API/orders/7/refund"

# the token is taken back by its owner: 204
curl -i -H "Authorization: Bearer $TOKEN" -X POST "$API/sign-out"
# from then on: 401
curl -i -H "Authorization: Bearer $TOKEN" "$API/orders"
# taking back what others have needs a scope: 403
curl -i -H "Authorization: Bearer $MFA" -d sub=password-app "$API/revocations"
# all that an application has is taken back: 204
curl -i -H "Authorization: Bearer $ADMIN" -d sub=password-app "$API/revocations"
# from then on: 401
curl -i -H "Authorization: Bearer $WEAK" -X POST "$API/orders"

# how the keys are doing: 200
curl -i "$API/health"
# what was counted: 200
curl -i "$API/metrics"
