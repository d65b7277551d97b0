package io.billingsdk.server.access;

import io.billingsdk.protocol.KeyRef;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens.Authentication;
import io.billingsdk.server.access.Tokens.Authentication.Known;
import io.billingsdk.server.access.Tokens.Authentication.Refused;
import io.billingsdk.server.access.Tokens.NewToken;
import io.billingsdk.server.access.Tokens.Token;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The rows of tokens, which are found by the SHA-256 of their text. */
final class TokenRows {
  private static final String UNKNOWN = "the token is not known";

  private static final String SELECT =
      """
      SELECT t.token_id, t.operator, t.scope, t.app_id, t.customer_id, t.created_at, t.expires_at, t.revoked_at,
        t.expires_at <= now() AS expired, o.disabled_at IS NOT NULL AS disabled,
        encode(t.sha256, 'hex') AS hash
      FROM access_token t JOIN operator o ON o.name = t.operator
      """;

  private static final String INSERT =
      """
      INSERT INTO access_token (token_id, sha256, operator, scope, app_id, customer_id, expires_at)
      VALUES (:token, :sha256, :operator, :scope, :app, :customer, :expires)
      """;

  private static final String REVOKE =
      "UPDATE access_token SET revoked_at = coalesce(revoked_at, now()) WHERE token_id = :token";

  private TokenRows() {}

  static boolean isOperator(Handle handle, String name) {
    return isThere(handle, "SELECT 1 FROM operator WHERE name = :name", name);
  }

  static boolean isApp(Handle handle, String appId) {
    return isThere(handle, "SELECT 1 FROM app WHERE app_id = :name", appId);
  }

  private static boolean isThere(Handle handle, String sql, String name) {
    return handle.createQuery(sql).bind("name", name).mapTo(Integer.class).findFirst().isPresent();
  }

  static void insert(Handle handle, NewToken made, Principal good, Instant expires) {
    handle
        .createUpdate(INSERT)
        .bind("token", made.tokenId())
        .bind("sha256", HexFormat.of().parseHex(KeyRef.sha256(made.text())))
        .bind("operator", good.operator())
        .bind("scope", good.scopes().text())
        .bind("app", good.appId())
        .bind("customer", good.customerId())
        .bind("expires", expires)
        .execute();
  }

  /** Ends a token; false when there is none. */
  static boolean revoke(Handle handle, String tokenId) {
    return handle.createUpdate(REVOKE).bind("token", tokenId).execute() != 0;
  }

  static List<Token> all(Handle handle) {
    return handle
        .createQuery(SELECT + "ORDER BY t.created_at, t.token_id")
        .map(ResultRow.to(TokenRows::token))
        .list();
  }

  /** Whose token a text is. */
  static Authentication judged(Handle handle, String text) {
    return handle
        .createQuery(SELECT + "WHERE t.sha256 = :sha256")
        .bind("sha256", HexFormat.of().parseHex(KeyRef.sha256(text)))
        .map(ResultRow.to(row -> judged(row)))
        .findFirst()
        .orElseGet(() -> new Refused(UNKNOWN));
  }

  /** Why texts are good for nothing, by the text; those that are good are not in it. */
  static Map<String, String> refused(Handle handle, List<String> texts) {
    Map<String, String> byText = new LinkedHashMap<>();
    texts.forEach(each -> byText.put(each, KeyRef.sha256(each)));
    Map<String, Authentication> found =
        handle
            .createQuery(SELECT + "WHERE t.sha256 = ANY (:hashes)")
            .bind("hashes", SqlArrays.hashes(byText.values()))
            .map(ResultRow.to(row -> Map.entry(row.text("hash"), judged(row))))
            .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
    Map<String, String> refused = new LinkedHashMap<>();
    byText.forEach(
        (text, hash) -> {
          Authentication judged = found.getOrDefault(hash, new Refused(UNKNOWN));
          if (judged instanceof Refused why) {
            refused.put(text, why.why());
          }
        });
    return refused;
  }

  private static Authentication judged(ResultRow row) {
    Token token = token(row);
    if (token.revoked() != null) {
      return new Refused("the token was revoked");
    }
    if (row.flag("expired")) {
      return new Refused("the token expired at " + token.expires());
    }
    if (row.flag("disabled")) {
      return new Refused("the operator of the token is disabled");
    }
    return new Known(
        new Principal(
            token.operator(), token.tokenId(), token.scopes(), token.appId(), token.customerId()));
  }

  private static Token token(ResultRow row) {
    return new Token(
        row.text("token_id"),
        row.text("operator"),
        scopes(row.text("scope")),
        row.textOrNull("app_id"),
        row.textOrNull("customer_id"),
        row.time("created_at"),
        row.time("expires_at"),
        row.timeOrNull("revoked_at"));
  }

  private static Scopes scopes(String text) {
    Set<Scope> known = EnumSet.noneOf(Scope.class);
    for (String each : text.split(",", -1)) {
      Scope.of(each).ifPresent(known::add);
    }
    // A scope of a later version that this one does not know gives the least.
    return known.isEmpty() ? Scopes.of(Scope.INTAKE) : new Scopes(known);
  }
}
