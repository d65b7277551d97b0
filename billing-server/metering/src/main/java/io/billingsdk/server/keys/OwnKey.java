package io.billingsdk.server.keys;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A key of the server itself, for usage that a feature takes in without one: an event is counted
 * once by its name, and names are those of an app. Nobody knows the key, so no call can use it.
 * Thread-safe.
 */
public final class OwnKey {
  private static final int SECRET_BYTES = 32;

  private final String keyId;
  private final String app;
  private final String title;
  private final SecureRandom random = new SecureRandom();
  private volatile boolean isThere;

  /** Of an app of its own, with a title for people; both are made when they are first needed. */
  public OwnKey(String keyId, String app, String title) {
    this.keyId = keyId;
    this.app = app;
    this.title = title;
  }

  /** The id of the key, which is there from now on. */
  public String in(Database database, Actor actor) {
    if (!isThere && !isIn(database)) {
      makeOnce(database, actor);
    }
    isThere = true;
    return keyId;
  }

  private boolean isIn(Database database) {
    return new KeyAdmin(database, null).one(keyId).isPresent();
  }

  private void makeOnce(Database database, Actor actor) {
    try {
      database.useTransaction(handle -> make(database.within(handle), actor));
    } catch (RequestRefusedException refused) {
      if (!isIn(database)) {
        throw refused;
      }
    }
  }

  private void make(Database within, Actor actor) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    KeyAdmin admin = new KeyAdmin(within, null, actor);
    if (new Apps(within, actor).one(app).isEmpty()) {
      admin.createApp(app, title);
    }
    String text = "sk-" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    admin.importKey(keyId, text, app, KeyEntitlements.UNLIMITED, /* legacy= */ false);
  }
}
