package io.billingsdk.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Protocol;
import io.billingsdk.internal.link.Subscriptions;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NegotiationTest {
  private static final List<String> V1_FILTERS = List.of("billing/keys/update");
  private static final List<String> V2_FILTERS =
      List.of(
          "billing/v2/collector", "billing/v2/i/receipts", "billing/v2/i/keys", "billing/v2/keys");

  private static final List<String> WITH_LEASES =
      List.of(
          "billing/v2/collector",
          "billing/v2/i/receipts",
          "billing/v2/i/keys",
          "billing/v2/keys",
          "billing/v2/i/leases");

  private static Negotiation of(Protocol setting) {
    return new Negotiation(setting, V1Topics.under("billing"), V2Topics.under("billing"), "i");
  }

  @Test
  void auto_atFirst_isContentWithTheTopicsOfEither() {
    Negotiation auto = of(Protocol.AUTO);
    assertThat(auto.spoken()).isEqualTo(Protocol.AUTO);
    assertThat(auto.mayBeV2()).isTrue();
    assertThat(auto.subscriptions())
        .isEqualTo(new Subscriptions(List.of(V1_FILTERS, V2_FILTERS, WITH_LEASES)));
  }

  @Test
  void auto_sawV1_speaksItAndStillListensForV2() {
    Negotiation auto = of(Protocol.AUTO);
    assertThat(auto.sawV1()).isTrue();
    assertThat(auto.sawV1()).as("news again").isFalse();
    assertThat(auto.spoken()).isEqualTo(Protocol.V1);
    assertThat(auto.subscriptions())
        .isEqualTo(new Subscriptions(List.of(V1_FILTERS, V2_FILTERS, WITH_LEASES)));
    assertThat(auto.sawV2()).isTrue();
    assertThat(auto.spoken()).isEqualTo(Protocol.V2);
  }

  @Test
  void auto_sawV2_neverGoesBack() {
    Negotiation auto = of(Protocol.AUTO);
    assertThat(auto.sawV2()).isTrue();
    assertThat(auto.sawV2()).as("news again").isFalse();
    assertThat(auto.sawV1()).isFalse();
    assertThat(auto.spoken()).isEqualTo(Protocol.V2);
    assertThat(auto.subscriptions()).isEqualTo(new Subscriptions(List.of(WITH_LEASES, V2_FILTERS)));
  }

  @Test
  void v1_set_isNotMovedByAnything() {
    Negotiation v1 = of(Protocol.V1);
    assertThat(v1.mayBeV2()).isFalse();
    assertThat(v1.sawV1()).isFalse();
    assertThat(v1.sawV2()).isFalse();
    assertThat(v1.spoken()).isEqualTo(Protocol.V1);
    assertThat(v1.subscriptions()).isEqualTo(Subscriptions.allOf(V1_FILTERS));
  }

  @Test
  void v2_set_isNotMovedByAnything() {
    Negotiation v2 = of(Protocol.V2);
    assertThat(v2.sawV1()).isFalse();
    assertThat(v2.sawV2()).isFalse();
    assertThat(v2.spoken()).isEqualTo(Protocol.V2);
    assertThat(v2.subscriptions()).isEqualTo(new Subscriptions(List.of(WITH_LEASES, V2_FILTERS)));
  }
}
