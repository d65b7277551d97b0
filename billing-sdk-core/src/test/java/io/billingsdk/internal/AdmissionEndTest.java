package io.billingsdk.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An admission ends once, in every order of what ends it. */
final class AdmissionEndTest {
  private final AdmissionEnd end = new AdmissionEnd();

  @Test
  void close_twice_endsOnce() {
    assertThat(end.close()).isTrue();
    assertThat(end.close()).isFalse();
    assertThat(end.begin()).isFalse();
  }

  @Test
  void settled_accepted_endsOnce() {
    assertThat(end.begin()).isTrue();
    assertThat(end.begin()).as("a second one meanwhile").isFalse();
    assertThat(end.settled(true)).isTrue();
    assertThat(end.close()).isFalse();
    assertThat(end.begin()).isFalse();
  }

  @Test
  void settled_rejected_staysOpen() {
    assertThat(end.begin()).isTrue();
    assertThat(end.isOpen()).isFalse();
    assertThat(end.settled(false)).isFalse();
    assertThat(end.isOpen()).isTrue();
    assertThat(end.close()).isTrue();
  }

  @Test
  void settled_closedMeanwhile_endsEitherWay() {
    for (boolean accepted : new boolean[] {true, false}) {
      AdmissionEnd one = new AdmissionEnd();
      assertThat(one.begin()).isTrue();
      assertThat(one.close()).as("the settlement ends it").isFalse();
      assertThat(one.close()).isFalse();
      assertThat(one.settled(accepted)).isTrue();
      assertThat(one.isOpen()).isFalse();
      assertThat(one.begin()).isFalse();
    }
  }
}
