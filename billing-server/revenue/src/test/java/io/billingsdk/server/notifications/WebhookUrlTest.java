package io.billingsdk.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.testbed.Proof;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of addresses that a webhook may not reach, and of URLs that no endpoint may have. */
class WebhookUrlTest {
  private static final List<String> PRIVATE =
      List.of(
          "0.0.0.0",
          "10.0.0.1",
          "10.255.255.255",
          "100.64.0.1",
          "100.127.255.254",
          "127.0.0.1",
          "127.8.8.8",
          "169.254.169.254",
          "172.16.0.1",
          "172.31.255.255",
          "192.0.0.8",
          "192.0.2.1",
          "192.88.99.1",
          "192.168.1.1",
          "198.18.0.1",
          "198.19.255.255",
          "198.51.100.7",
          "203.0.113.9",
          "224.0.0.1",
          "239.1.1.1",
          "240.0.0.1",
          "255.255.255.255",
          "::",
          "::1",
          "::ffff:127.0.0.1",
          "::127.0.0.1",
          "64:ff9b::7f00:1",
          "100::1",
          "fc00::1",
          "fd12:3456::1",
          "fe80::1",
          "fec0::1",
          "ff02::1",
          "2001::1",
          "2001:10::1",
          "2001:db8::1",
          "2002:7f00:1::1",
          "3fff::1",
          "4000::1",
          "fd00:ec2::254");

  private static final List<String> PUBLIC =
      List.of(
          "1.1.1.1",
          "8.8.8.8",
          "93.184.216.34",
          "100.63.255.255",
          "100.128.0.1",
          "172.15.0.1",
          "172.32.0.1",
          "192.0.1.1",
          "198.17.0.1",
          "223.255.255.254",
          "2606:4700::1111",
          "2001:4860:4860::8888",
          "2a00:1450::1");

  @Test
  void table_ofAddresses_letsPublicOnesThroughAlone() throws UnknownHostException {
    for (String each : PRIVATE) {
      assertThat(PublicAddresses.has(InetAddress.getByName(each))).as(each).isFalse();
    }
    for (String each : PUBLIC) {
      assertThat(PublicAddresses.has(InetAddress.getByName(each))).as(each).isTrue();
    }
    Proof.of("webhook-addresses")
        .with("refused", PRIVATE.size())
        .with("let_through", PUBLIC.size())
        .print();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/",
        "https:///x",
        "https://user:secret@example.com/",
        "https://example.com/#part",
        "https://example.com:0/",
        "https://example.com:70000/",
        "ftp://example.com/",
        "https://exa mple.com/",
        "https://example.com/\r\nHost: x",
        "https://\u4e2d\u56fd/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "//example.com"
      })
  void url_thatNoEndpointMayHave_isRefusedByItsField(String url) {
    assertThatThrownBy(() -> WebhookUrl.require(url, /* privateAddresses= */ false))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageStartingWith("url must be");
  }

  @Test
  void url_ofAPublicHost_isAccepted() {
    String url = "https://hooks.example.com:8443/in?x=1";
    assertThat(WebhookUrl.require(url, /* privateAddresses= */ false)).isEqualTo(url);
    assertThat(WebhookUrl.shownHost(url)).isEqualTo("hooks.example.com:8443");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b",
        "a b@example.com",
        "a@example.com\r\nBcc: x@example.com",
        "Name <a@example.com>",
        "a@example.com,b@example.com",
        "\"a\"@example.com",
        "a@-example.com",
        "@example.com",
        "a..b@example.com"
      })
  void address_thatIsNotOnePlainOne_isRefused(String address) {
    assertThat(MailAddress.isOne(address)).isFalse();
  }

  @Test
  void address_plain_isAccepted() {
    assertThat(MailAddress.isOne("first.last+tag@mail.example.com")).isTrue();
  }
}
