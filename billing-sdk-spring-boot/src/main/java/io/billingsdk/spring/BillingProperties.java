package io.billingsdk.spring;

import io.billingsdk.Protocol;
import io.billingsdk.WhenDisabled;
import io.billingsdk.grpc.BillOn;
import io.billingsdk.grpc.OnRevoke;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties {@code billing.*}. Null stands for a property that was not given: then the default
 * of {@link io.billingsdk.BillingConfigBuilder} applies, whose settings have the same names. Paths
 * are texts, since Spring would look for relative ones on the class path first.
 */
@ConfigurationProperties("billing")
record BillingProperties(
    @Nullable Boolean enabled,
    @Nullable WhenDisabled whenDisabled,
    @Nullable String host,
    @Nullable Integer port,
    @Nullable String username,
    @Nullable String password,
    @Nullable String clientId,
    @Nullable String caCertificates,
    @Nullable String clientCertificate,
    @Nullable String clientKey,
    @Nullable Boolean allowInsecure,
    @Nullable String topicPrefix,
    @Nullable Protocol protocol,
    @Nullable String journalDirectory,
    @Nullable DataSize journalMaxBytes,
    @Nullable DataSize journalMinFreeBytes,
    @Nullable Boolean recreateJournal,
    @Nullable String whenFull,
    @Nullable String durability,
    @Nullable Duration retainDelivered,
    @Nullable DataSize retainDeliveredBytes,
    @Nullable DataSize journalInMemory,
    @Nullable Boolean shutdownHook,
    @Nullable Integer windowMessages,
    @Nullable DataSize windowBytes,
    @Nullable Duration connectTimeout,
    @Nullable Duration keepAlive,
    @Nullable Duration publishTimeout,
    @Nullable Duration heartbeatInterval,
    @Nullable Duration maxKeyStaleness,
    @Nullable String whenQuotaUnknown,
    @DefaultValue("5s") Duration startupWait,
    @DefaultValue("10s") Duration closeTimeout,
    @DefaultValue Grpc grpc) {

  /**
   * The properties {@code billing.grpc.*}, of the interceptors.
   *
   * @param strict whether a response waits until its usage is on disk
   */
  record Grpc(
      @Nullable List<String> headers,
      @Nullable OnRevoke onRevoke,
      @Nullable BillOn billOn,
      @Nullable Double minimumOnFailure,
      @Nullable Duration settleEvery,
      @Nullable Integer settleEveryMessages,
      @Nullable Boolean strict) {}

  /** Without the password, which a record would print. */
  @Override
  public String toString() {
    return "BillingProperties[host=" + host + ", clientId=" + clientId + "]";
  }
}
