package io.billingsdk.server.access;

import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens.Authentication.Refused;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Secrets.TokenFormat;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of operators. The database has the SHA-256 of each; a token is found by it, so that no
 * comparison is one of the secrets themselves: what its time could tell is a part of the hash of a
 * text that the caller chose, and no token follows from that. Thread-safe.
 */
public final class Tokens {
  /** None is good for longer. */
  public static final Duration LONGEST = Duration.ofDays(400);

  private static final Scopes READ = Scopes.of(Scope.READ);

  private final Database database;
  private final SecureRandom random = new SecureRandom();

  /** In a database. */
  public Tokens(Database database) {
    this.database = database;
  }

  /**
   * A token, without what is secret of it.
   *
   * @param appId the app that it is confined to; null for all
   * @param customerId the customer that it is confined to; null for all
   * @param revoked since when it is good for nothing; null while it is
   */
  public record Token(
      String tokenId,
      String operator,
      Scopes scopes,
      @Nullable String appId,
      @Nullable String customerId,
      Instant created,
      Instant expires,
      @Nullable Instant revoked) {}

  /**
   * Makes a token.
   *
   * @param appId confines it to what belongs to an app, which it can then only read; null for all
   * @param lasts from a minute to 400 days
   */
  public NewToken create(
      Actor actor, String operator, Scope scope, @Nullable String appId, Duration lasts) {
    return create(actor, operator, Scopes.of(scope), appId, lasts);
  }

  /** The same with several scopes. */
  public NewToken create(
      Actor actor, String operator, Scopes scopes, @Nullable String appId, Duration lasts) {
    return create(actor, operator, scopes, appId, null, lasts);
  }

  /**
   * Makes a token that reads what belongs to a customer, and nothing else.
   *
   * @param customerId a customer that is there: this package does not know them
   * @param lasts from a minute to 400 days
   */
  public NewToken createForCustomer(
      Actor actor, String operator, String customerId, Duration lasts) {
    return create(actor, operator, READ, null, customerId, lasts);
  }

  private NewToken create(
      Actor actor,
      String operator,
      Scopes scopes,
      @Nullable String appId,
      @Nullable String customerId,
      Duration lasts) {
    if (appId != null && !scopes.equals(READ)) {
      throw RequestRefusedException.invalid("scope", "read for a token of an app");
    }
    if (lasts.compareTo(Duration.ofMinutes(1)) < 0 || lasts.compareTo(LONGEST) > 0) {
      throw RequestRefusedException.invalid("lasts", "a minute to 400 days");
    }
    NewToken made = NewToken.create(random);
    Instant expires = Instant.now().plus(lasts);
    Principal good = new Principal(operator, made.tokenId(), scopes, appId, customerId);
    database.useTransaction(
        handle -> {
          require("operator", operator, TokenRows.isOperator(handle, operator));
          if (appId != null) {
            require("app", appId, TokenRows.isApp(handle, appId));
          }
          TokenRows.insert(handle, made, good, expires);
          Map<String, Object> after = new LinkedHashMap<>();
          after.put("operator", operator);
          after.put("scope", scopes.text());
          after.put("appId", appId);
          if (customerId != null) {
            after.put("customerId", customerId);
          }
          after.put("expiresAt", expires.toString());
          AuditLog.write(handle, actor, "token.create", made.tokenId(), null, after);
        });
    return made;
  }

  private static void require(String what, String name, boolean found) {
    if (!found) {
      throw RequestRefusedException.notFound(what, "there is no " + what + " " + name);
    }
  }

  /** Ends a token at once. */
  public void revoke(Actor actor, String tokenId) {
    database.useTransaction(
        handle -> {
          require("token", tokenId, TokenRows.revoke(handle, tokenId));
          AuditLog.write(handle, actor, "token.revoke", tokenId, null, Map.of());
        });
  }

  /** All of them, the oldest first. */
  public List<Token> all() {
    return database.read(TokenRows::all);
  }

  /** Whose token a text is. */
  public Authentication authenticate(String text) {
    if (!NewToken.isWellFormed(text)) {
      return new Refused(
          "the token is malformed; a token begins with bt_, and this one was perhaps cut off");
    }
    return database.read(handle -> TokenRows.judged(handle, text));
  }

  /**
   * Which of these texts are good for nothing, and why, in one question.
   *
   * @return why, by the text; those that are good are not in it
   */
  public Map<String, String> refused(List<String> texts) {
    return database.read(handle -> TokenRows.refused(handle, texts));
  }

  /** What a presented token says of who presents it. */
  public sealed interface Authentication {
    /** It is good, for this caller. */
    record Known(Principal caller) implements Authentication {}

    /**
     * It is good for nothing.
     *
     * @param why for the caller who presented it
     */
    record Refused(String why) implements Authentication {}
  }

  /**
   * A token that was just made, {@code bt_<tokenId>_<secret>_<crc>}: a beginning that secret
   * scanners find, 192 random bits, a checksum against typing errors. This is the only time that it
   * is whole.
   *
   * @param tokenId names it wherever it must not be shown
   * @param text the text sent as {@code Authorization: Bearer …}; the server keeps its SHA-256
   */
  public record NewToken(String tokenId, String text) {
    private static final String PREFIX = "bt_";

    static NewToken create(SecureRandom random) {
      TokenFormat made = TokenFormat.create(PREFIX, "t", random);
      return new NewToken(made.id(), made.text());
    }

    static boolean isWellFormed(String text) {
      return TokenFormat.isWellFormed(PREFIX, text);
    }

    /** Its id alone. */
    @Override
    public String toString() {
      return "NewToken[" + tokenId + "]";
    }
  }
}
