package io.billingsdk.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedClientTextTest {
  private final RefusedClientText text = new RefusedClientText("gone"::equals);

  private static RefusedClient refused(Reason reason, String user, String subject) {
    return new RefusedClient(reason, user, "client-1", "10.0.0.1", subject);
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void of_anyReason_isOneLineOfAscii_whateverWasSent(Reason reason) {
    String sent = "a\r\nb\u001b[31m\u202e\u0000";
    String line = text.of(new RefusedClient(reason, sent, sent, "10.0.0.1", sent));
    assertThat(line)
        .startsWith("a client from 10.0.0.1 was refused: ")
        .matches("[\\x20-\\x7E\u2026]*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bk_AbCd1234", "BT_x-y_z0", "0123456789abcdef0123456789ABCDEF", "x.bk_AbCd1234.y"})
  void of_aSecretInThePlaceOfAName_isNotShown(String secret) {
    assertThat(text.of(refused(Reason.WRONG_PASSWORD, secret, "")))
        .contains("***")
        .doesNotContain("AbCd1234", "x-y_z0", "0123456789");
  }

  @Test
  void of_aLongName_isCut() {
    assertThat(text.of(refused(Reason.PUBLISH, "u", "t".repeat(1_000))))
        .endsWith(" " + "t".repeat(120) + "\u2026");
  }

  @Test
  void of_aUserThatIsNotKnown_saysHowToMakeOne() {
    assertThat(text.of(refused(Reason.UNKNOWN_USER, "new", "")))
        .contains("user new is not known", "instance create");
  }

  @Test
  void of_anInstanceThatWasRevoked_saysSo() {
    assertThat(text.of(refused(Reason.UNKNOWN_USER, "gone", "")))
        .endsWith("user gone is an instance that was revoked");
  }

  @Test
  void of_noUserName_saysSo() {
    assertThat(text.of(refused(Reason.UNKNOWN_USER, "", ""))).endsWith("it gave no user name");
  }

  @Test
  void of_aClientId_saysWhichOneItMayHave() {
    assertThat(text.of(refused(Reason.CLIENT_ID, "gateway-1", "")))
        .contains("under the client id gateway-1 alone, and not as client-1");
  }

  @Test
  void of_takenOver_saysByWhom_whereThatIsKnown() {
    assertThat(text.of(refused(Reason.TAKEN_OVER, "u", "10.0.0.2")))
        .contains("another client from 10.0.0.2 connected as client-1");
    assertThat(text.of(refused(Reason.TAKEN_OVER, "u", "")))
        .contains("another client connected as client-1");
  }

  @Test
  void of_noAddress_isFromSomewhere() {
    assertThat(text.of(new RefusedClient(Reason.TLS, "", "", "", "no common version")))
        .isEqualTo(
            "a client from somewhere was refused: the TLS handshake failed: no common version");
  }

  @Test
  void source_ofAKnownUser_isTheUser() {
    assertThat(text.source(refused(Reason.PUBLISH, "u", "t"))).isEqualTo("user u from 10.0.0.1");
  }

  @Test
  void source_ofMadeUpNames_isOneForTheAddress() {
    assertThat(text.source(refused(Reason.UNKNOWN_USER, "a", "")))
        .isEqualTo(text.source(refused(Reason.UNKNOWN_USER, "b", "")))
        .isEqualTo("clients from 10.0.0.1");
    assertThat(text.source(refused(Reason.PROTOCOL, "", ""))).isEqualTo("clients from 10.0.0.1");
  }
}
