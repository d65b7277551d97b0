package io.billingsdk.server.jobs;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Jobs have no data in the table. The scheduler's own serializer would make Java objects of
 * whatever somebody has written there.
 */
final class NoData implements Serializer {
  private static final byte[] NONE = {};

  @Override
  public byte[] serialize(@Nullable Object data) {
    return NONE;
  }

  @Override
  @SuppressWarnings("NullAway") // The scheduler takes null for "no data"; its types do not say so.
  public <T> T deserialize(Class<T> type, byte[] stored) {
    return null;
  }
}
