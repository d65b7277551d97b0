package io.billingsdk.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoomTest {
  @Test
  void enter_beyondTheBound_isRefusedAndTakesNothing() {
    Room room = new Room(100);
    assertThat(room.enter(60)).isTrue();
    assertThat(room.enter(41)).isFalse();
    assertThat(room.held()).isEqualTo(60);
    assertThat(room.enter(40)).isTrue();
    room.leave(60);
    assertThat(room.held()).isEqualTo(40);
    assertThat(room.enter(60)).isTrue();
  }
}
