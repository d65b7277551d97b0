package io.billingsdk.server.access;

import org.jspecify.annotations.Nullable;

/**
 * Who sends a request: an operator, by one of their tokens.
 *
 * @param operator whose token it is
 * @param tokenId names the token; is no secret
 * @param scope what it is good for
 * @param appId the app that it is confined to; null for all
 */
public record Principal(String operator, String tokenId, Scope scope, @Nullable String appId) {
  /** Whether they may see what belongs to an app. */
  public boolean sees(@Nullable String app) {
    return appId == null || appId.equals(app);
  }

  /** As the audit log names them. */
  public Actor actor() {
    return new Actor(operator);
  }
}
