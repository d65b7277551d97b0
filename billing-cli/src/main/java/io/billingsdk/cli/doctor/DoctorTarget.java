package io.billingsdk.cli.doctor;

import io.billingsdk.BillingConfig;
import io.billingsdk.server.db.DatabaseAddress;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The service to examine.
 *
 * @param config of the service, as it would start with it
 * @param clientId under which it connects
 * @param ownClientId whether a running service may use the client id too, which is to stay
 *     connected
 * @param apiKey a key to look up; null for none
 * @param database of the billing server; null when it is not to be examined
 * @param clock of this machine
 * @param patience for each answer
 */
record DoctorTarget(
    BillingConfig config,
    String clientId,
    boolean ownClientId,
    @Nullable String apiKey,
    @Nullable DatabaseAddress database,
    InstantSource clock,
    Duration patience) {

  /** Without the key. */
  @Override
  public String toString() {
    return "Patient[" + clientId + " at " + config.host() + ":" + config.port() + "]";
  }
}
