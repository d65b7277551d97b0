package io.billingsdk.cli.remote;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The latest items that were shown, so that none is shown twice. For one thread. */
final class SeenItems {
  private static final int MOST = 100_000;

  private final Set<String> identities =
      Collections.newSetFromMap(
          new LinkedHashMap<String, Boolean>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > MOST;
            }
          });

  /** Whether it is new; the call marks it as seen. */
  boolean isNew(TailItem item) {
    return identities.add(item.identity());
  }
}
