package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestIdentityTest {
  @Test
  void identities_thatOnlyLookAlike_differ() {
    assertThat(RequestIdentity.ofCloudEvent("a|b", "c"))
        .isNotEqualTo(RequestIdentity.ofCloudEvent("a", "b|c"));
    assertThat(RequestIdentity.ofCloudEvent("a", "b")).isEqualTo("cloudevent a b");
    assertThat(RequestIdentity.ofCloudEvent("ä", "b")).startsWith("cloudevent-sha256 ");
    assertThat(RequestIdentity.ofCloudEvent("a b", "c"))
        .isNotEqualTo(RequestIdentity.ofCloudEvent("a", "b c"));
    assertThat(RequestIdentity.ofCloudEvent("s", "x".repeat(500))).hasSizeLessThan(90);
  }
}
