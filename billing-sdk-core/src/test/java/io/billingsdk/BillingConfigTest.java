package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BillingConfigTest {
  private static BillingConfigBuilder builder() {
    return new BillingConfigBuilder(
        new SettingSources(name -> null, name -> null, Path.of("no-such.properties")),
        Map.of(),
        null);
  }

  @Test
  void build_hostOnly_hasTheDefaultsOfTheTable() {
    BillingConfig config = builder().host("broker.example").build();
    assertThat(config.host()).isEqualTo("broker.example");
    assertThat(config.port()).isEqualTo(8_883);
    assertThat(config.allowInsecure()).isFalse();
    assertThat(config.caCertificates()).isEmpty();
    assertThat(config.clientCertificate()).isEmpty();
    assertThat(config.clientKey()).isEmpty();
    assertThat(config.credentials()).isEmpty();
    assertThat(config.clientId()).isEmpty();
    assertThat(config.topicPrefix()).isEqualTo("billing");
    assertThat(config.journalInMemory()).isEmpty();
    assertThat(config.retainDelivered()).isZero();
    assertThat(config.retainDeliveredBytes()).isEqualTo(1L << 30);
    assertThat(config.journalDirectory()).isEqualTo(Path.of("billing-journal"));
    assertThat(config.journalMaxBytes()).isEqualTo(1L << 30);
    assertThat(config.durability()).isEqualTo(Durability.interval(Duration.ofMillis(200)));
    assertThat(config.windowMessages()).isEqualTo(100);
    assertThat(config.windowBytes()).isEqualTo(1 << 20);
    assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.keepAlive()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.publishTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.heartbeatInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.maxKeyStaleness()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void build_everySetting_isKept() {
    BillingConfig config =
        builder()
            .host("h")
            .port(1)
            .credentials("user", "canary")
            .clientId("id")
            .caCertificates(Path.of("ca"))
            .clientCertificate(Path.of("cert"), Path.of("key"))
            .topicPrefix("t")
            .journalInMemory(65_536)
            .windowMessages(2)
            .windowBytes(32_768)
            .connectTimeout(Duration.ofSeconds(3))
            .keepAlive(Duration.ofSeconds(4))
            .publishTimeout(Duration.ofSeconds(5))
            .heartbeatInterval(Duration.ofSeconds(6))
            .maxKeyStaleness(Duration.ofSeconds(7))
            .build();
    BillingConfig copy = config.toBuilder().build();
    assertThat(copy).hasToString(config.toString());
    assertThat(copy.credentials().orElseThrow().get()).isEqualTo(new Credentials("user", "canary"));
    assertThat(config.toString())
        .contains("host=h", "port=1", "username=user", "password=***", "clientId=id")
        .contains("caCertificates=ca", "clientCertificate=cert", "clientKey=key", "topicPrefix=t")
        .contains("journalInMemory=65536", "windowMessages=2", "windowBytes=32768")
        .contains("connectTimeout=PT3S", "keepAlive=PT4S", "publishTimeout=PT5S")
        .contains("heartbeatInterval=PT6S", "maxKeyStaleness=PT7S")
        .doesNotContain("canary");
  }

  @Test
  void retainDelivered_outOfRangeOrWithoutADisk_isRefused() {
    assertThatThrownBy(() -> builder().retainDelivered(Duration.ofSeconds(59), 1 << 30))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("retainDelivered must be 0s, or a duration from 1m to 90d");
    assertThatThrownBy(() -> builder().retainDelivered(Duration.ofDays(1), (128 << 20) - 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("retainDeliveredBytes must be 134217728 to 1099511627776");
    assertThatThrownBy(
            () ->
                builder()
                    .host("h")
                    .journalInMemory(65_536)
                    .retainDelivered(Duration.ofDays(1), 1 << 30)
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("retainDelivered has no meaning with journalInMemory");
    BillingConfig config = builder().host("h").retainDelivered(Duration.ofDays(1), 1 << 30).build();
    assertThat(config.retainDelivered()).isEqualTo(Duration.ofDays(1));
    assertThat(config.toBuilder().build()).hasToString(config.toString());
  }

  @Test
  void setter_outOfRange_isRefusedAtOnceNamingTheBound() {
    assertThatThrownBy(() -> builder().port(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port must be 1 to 65535, but was '0'");
    assertThatThrownBy(() -> builder().keepAlive(Duration.ofMinutes(6)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keepAlive must be a duration from 1s to 5m");
    assertThatThrownBy(() -> builder().credentials("user", "canary".repeat(20_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("password must be")
        .hasMessageNotContaining("canary");
  }

  // Callers whose code is not checked for null.
  @SuppressWarnings("NullAway")
  @Test
  void setter_null_isRefusedNamingTheSetting() {
    assertThatThrownBy(() -> builder().host(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("host");
    assertThatThrownBy(() -> builder().credentials("user", null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("password");
    assertThatThrownBy(() -> builder().credentials(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("credentials");
  }

  @Test
  void setter_secondTime_isRefusedNamingTheFirstValue() {
    assertThatThrownBy(() -> builder().port(1).port(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port was set already, to 1");
    assertThatThrownBy(() -> builder().allowInsecure().allowInsecure())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder().credentials("u", "canary").credentials("u", "canary"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("credentials were set already")
        .hasMessageNotContaining("canary");
    assertThatThrownBy(
            () -> builder().credentials("u", "p").credentials(() -> new Credentials("u", "p")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A value that was refused was not set; the message spoke of an earlier value null. */
  @Test
  void setter_afterARefusedValue_takesAGoodOne() {
    BillingConfigBuilder builder = builder().host("h");
    assertThatThrownBy(() -> builder.port(0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(builder.port(1).build().port()).isEqualTo(1);
  }

  @Test
  void build_contradictions_areAllInOneMessage() {
    assertThatThrownBy(
            () ->
                builder()
                    .allowInsecure()
                    .caCertificates(Path.of("ca"))
                    .clientCertificate(Path.of("c"), Path.of("k"))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "billing configuration: host is required; caCertificates has no meaning with"
                + " allowInsecure; clientCertificate has no meaning with allowInsecure");
  }

  @Test
  void build_again_isIndependentOfTheFirst() {
    BillingConfigBuilder builder = builder().host("h");
    BillingConfig first = builder.build();
    assertThat(builder.port(1).build().port()).isEqualTo(1);
    assertThat(first.port()).isEqualTo(8_883);
  }

  @Test
  void toBuilder_changed_keepsTheRestAndTheOriginal() {
    BillingConfig original = builder().host("h").port(1).credentials("user", "one").build();
    BillingConfig changed = original.toBuilder().port(2).credentials("user", "two").build();
    assertThat(changed.host()).isEqualTo("h");
    assertThat(changed.port()).isEqualTo(2);
    assertThat(changed.credentials().orElseThrow().get().password()).isEqualTo("two");
    assertThat(original.port()).isEqualTo(1);
    assertThat(original.credentials().orElseThrow().get().password()).isEqualTo("one");
    assertThatThrownBy(() -> original.toBuilder().port(2).port(3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toBuilder_supplierAndFixedCredentials_replaceEachOther() {
    BillingConfig supplied =
        builder().host("h").credentials(() -> new Credentials("supplied", "p")).build();
    assertThat(supplied.toBuilder().build().credentials().orElseThrow().get().username())
        .isEqualTo("supplied");
    BillingConfig fixed = supplied.toBuilder().credentials("fixed", "p").build();
    assertThat(fixed.credentials().orElseThrow().get().username()).isEqualTo("fixed");
    BillingConfig again =
        fixed.toBuilder().credentials(() -> new Credentials("supplied", "p")).build();
    assertThat(again.credentials().orElseThrow().get().username()).isEqualTo("supplied");
    assertThat(again.toString()).contains("credentialsSupplier=true").doesNotContain("fixed");
  }

  @Test
  void clientId_userAndPasswordAlone_isTheUserName_whereItCanBeOne() {
    assertThat(user("gateway-1").build().clientId()).contains("gateway-1");
    assertThat(user("gateway-1").clientId("other").build().clientId()).contains("other");
    assertThat(user("tenant/gateway 1").build().clientId()).as("no client id").isEmpty();
    assertThat(user("x".repeat(65)).build().clientId()).as("too long").isEmpty();
    assertThat(builder().host("h").credentials(() -> new Credentials("s", "p")).build().clientId())
        .as("not known before it is asked")
        .isEmpty();
    assertThat(user("one").build().toBuilder().credentials("two", "p").build().clientId())
        .as("it follows the user name")
        .contains("two");
  }

  private static BillingConfigBuilder user(String name) {
    return builder().host("h").credentials(name, "p");
  }
}
