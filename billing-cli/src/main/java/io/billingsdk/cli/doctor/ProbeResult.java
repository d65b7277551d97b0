package io.billingsdk.cli.doctor;

import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.Presence;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a probe of the billing system has shown.
 *
 * @param subscriptions by topic
 * @param presence that is retained; null when there is none
 * @param usage the broker's answer to a batch
 * @param hello its answer to a sign of life; null when none was sent
 * @param receipt whether the batch was answered
 * @param keys the whole table; null when it did not come
 * @param protocol that an update of v1's key feed names; 0 when none came
 * @param ahead how far the clock of this machine is before the server's; null when not known
 */
record ProbeResult(
    Map<String, MqttAnswer> subscriptions,
    @Nullable Presence presence,
    MqttAnswer usage,
    @Nullable MqttAnswer hello,
    boolean receipt,
    @Nullable List<KeyRecord> keys,
    int protocol,
    @Nullable Duration ahead) {

  /** Whether a billing system of any protocol has shown itself. */
  boolean isAnybodyThere() {
    return presence != null || receipt || keys != null || protocol > 0;
  }
}
