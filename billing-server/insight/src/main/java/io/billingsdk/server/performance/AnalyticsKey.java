package io.billingsdk.server.performance;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.keys.Apps;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The app of records that name no key. It is made with the first of them: a record is counted once
 * by its name, and names are those of an app. Nobody knows the key, so no call can use it.
 */
final class AnalyticsKey {
  /** Of such records. */
  static final String APP = "analytics";

  /** Their key. */
  static final String KEY = "k_analytics";

  private static final int SECRET_BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  /** The id of the key, which is there from now on. */
  String in(Database database, Actor actor) {
    if (new KeyAdmin(database, null).one(KEY).isEmpty()) {
      try {
        database.useTransaction(handle -> make(database.within(handle), actor));
      } catch (RequestRefusedException refused) {
        // Another request has made it meanwhile; otherwise it is refused for good.
        if (new KeyAdmin(database, null).one(KEY).isEmpty()) {
          throw refused;
        }
      }
    }
    return KEY;
  }

  private void make(Database within, Actor actor) {
    KeyAdmin admin = new KeyAdmin(within, null, actor);
    if (new Apps(within, actor).one(APP).isEmpty()) {
      admin.createApp(APP, "Records of costs and performance");
    }
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    String text = "sk-" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    admin.importKey(KEY, text, APP, KeyEntitlements.UNLIMITED, /* legacy= */ false);
  }
}
