package io.billingsdk.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("broker")
final class EmbeddedBrokerBuilderTest {

  @Test
  void build_nothingDecided_namesEveryMissingDecision() {
    assertThatThrownBy(() -> EmbeddedBroker.builder().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tls()")
        .hasMessageContaining("user()");
  }

  @Test
  void build_contradictions_areRefused() {
    CertificateAuthority authority = CertificateAuthority.create("test");
    EmbeddedBrokerBuilder builder =
        EmbeddedBroker.builder()
            .insecure()
            .clientCertificatesFrom(authority)
            .allowAnonymous()
            .user("sdk", "secret", List.of());

    assertThatThrownBy(builder::build)
        .hasMessageContaining("clientCertificatesFrom()")
        .hasMessageContaining("allowAnonymous()");
    assertThatThrownBy(() -> builder.tls(authority.issueServer("localhost")).build())
        .hasMessageContaining("exactly one of tls()");
  }

  @Test
  void setters_outOfRange_nameTheParameter() {
    EmbeddedBrokerBuilder builder = EmbeddedBroker.builder();

    assertThatThrownBy(() -> builder.port(65_536)).hasMessageContaining("port");
    assertThatThrownBy(() -> builder.receiveMaximum(0)).hasMessageContaining("receiveMaximum");
    assertThatThrownBy(() -> builder.maximumPacketSize(2))
        .hasMessageContaining("maximumPacketSize");
    assertThatThrownBy(() -> builder.user(" ", "x", List.of())).hasMessageContaining("name");
    assertThatThrownBy(() -> builder.user("x", "", List.of())).hasMessageContaining("password");
  }

  @Test
  void user_twice_isRefused() {
    EmbeddedBrokerBuilder builder = EmbeddedBroker.builder().user("sdk", "one", List.of());

    assertThatThrownBy(() -> builder.user("sdk", "two", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sdk")
        .hasMessageNotContaining("two");
  }

  @Test
  void port_neverStarted_isRefusedUnlessSet() {
    EmbeddedBrokerBuilder builder = EmbeddedBroker.builder().insecure().allowAnonymous();

    assertThatThrownBy(() -> builder.build().port()).isInstanceOf(IllegalStateException.class);
    assertThat(builder.port(1883).build().port()).isEqualTo(1883);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a+/b", "a/#/b", "a#", "$share/group/a"})
  void topicRule_malformedFilter_isRefused(String filter) {
    assertThatThrownBy(() -> new TopicRule(filter, true, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("filter");
  }

  @Test
  void topicRule_allowingNothing_isRefused() {
    assertThatThrownBy(() -> new TopicRule("a/b", false, false))
        .hasMessageContaining("publish and subscribe");
  }
}
