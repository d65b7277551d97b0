package io.billingsdk.server.access;

import io.billingsdk.server.common.RequestRefusedException;
import org.jdbi.v3.core.Handle;

/** An app that somebody names who changes something of it. */
public final class KnownApp {
  private KnownApp() {}

  /**
   * Refuses one that is not there.
   *
   * @throws RequestRefusedException when there is no such app
   */
  public static void require(Handle handle, String appId) {
    boolean known =
        handle
            .createQuery("SELECT 1 FROM app WHERE app_id = :app")
            .bind("app", appId)
            .mapTo(Integer.class)
            .findFirst()
            .isPresent();
    if (!known) {
      throw RequestRefusedException.notFound("appId", "there is no app " + appId);
    }
  }
}
