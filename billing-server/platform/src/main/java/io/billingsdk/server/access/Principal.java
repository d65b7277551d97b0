package io.billingsdk.server.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request: an operator, by one of their tokens.
 *
 * @param operator whose token it is
 * @param tokenId names the token; is no secret
 * @param scopes what it is good for
 * @param appId the app that it is confined to; null for all
 * @param customerId the customer that it is confined to; null for all
 */
public record Principal(
    String operator,
    String tokenId,
    Scopes scopes,
    @Nullable String appId,
    @Nullable String customerId) {
  /** One of a single scope that is confined to no customer. */
  public Principal(String operator, String tokenId, Scope scope, @Nullable String appId) {
    this(operator, tokenId, Scopes.of(scope), appId, null);
  }

  /** Whether they may see what belongs to an app. */
  public boolean sees(@Nullable String app) {
    return appId == null || appId.equals(app);
  }

  /** As the audit log names them. */
  public Actor actor() {
    return new Actor(operator);
  }

  /** What a token lets its holder do. */
  public enum Scope {
    /** Send usage, and see nothing. */
    INTAKE,
    /** Read. */
    READ,
    /**
     * Send usage, read, and change apps, keys, streams and the ledger: no plans and no customers.
     */
    WRITE,
    /** The same as {@link #WRITE}, by the name of what it is about. */
    METERING,
    /** Read, and change meters and plans. */
    CATALOG,
    /** Read, and change customers and what they owe. */
    FINANCE,
    /** Read, and give money back. */
    REFUND,
    /** All of it. */
    ADMIN;

    /** Whether its holder may do what that asks for. */
    public boolean includes(Scope that) {
      return switch (this) {
        case ADMIN -> true;
        case WRITE, METERING -> that == INTAKE || that == READ || that == WRITE || that == METERING;
        case CATALOG, FINANCE, REFUND -> that == this || that == READ;
        case INTAKE, READ -> that == this;
      };
    }

    /** As it is written: {@code intake}, {@code read}, {@code write} and so on. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** That of a text; empty for any other text. */
    public static Optional<Scope> of(String text) {
      return Arrays.stream(values()).filter(each -> each.text().equals(text)).findFirst();
    }

    /** All of them, as they are written, with commas between them. */
    public static String all() {
      return Arrays.stream(values()).map(Scope::text).collect(Collectors.joining(", "));
    }
  }
}
