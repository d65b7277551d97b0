package io.billingsdk.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids of apps: what is refused, and what is not. */
@Tag("postgres")
class PlainIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme",
        "Acme Ltd.",
        "a/b%c",
        "größe",
        "Большой",
        "漢字カタカナかな",
        "한국어 漢字",
        "acme東京",
        "ελλάδα-1",
        "a_b:c@d",
        "שלום",
        "مرحبا"
      })
  void id_thatIsWhatItLooksLike_isTaken(String id) {
    assertThatCode(() -> PlainId.require("appId", id)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ac\nme", "ac\u001bme", "ac\u202eme", "acme\u200b", "ac\u00adme", " acme", "acme ",
        "ac  me", "ac\u00a0me", "\uff41cme", "e\u0301", "\ufb01x", "\u0430cme", "acm\u0435",
        "\u03b1cme", "x\u2028y", "acme\ufe0f", "\u3164"
      })
  void id_thatIsNot_isRefused_namingTheField(String id) {
    assertThatExceptionOfType(ServerException.class)
        .isThrownBy(() -> PlainId.require("appId", id))
        .withMessageStartingWith("appId must be ");
  }

  @Test
  void looks_ofEachLetterThatIsLikeALatinOne_areLatin() {
    assertThat(PlainId.looks("\u0430\u0441\u043c\u0435")).isEqualTo("ac\u043ce");
    assertThat(PlainId.looks("\u0440\u0430\u0443\u0440\u0430\u04cf")).isEqualTo("paypal");
    assertThat(PlainId.looks("plain-1")).isEqualTo("plain-1");
  }

  @Test
  void app_thatLooksLikeAnother_isRefused_eitherWay() throws SQLException {
    World world = Testbed.get().world();
    try (Database database = Database.forRequests(world.server())) {
      Apps apps = new Apps(database, new Actor("tester"));
      var unused = apps.create("cop", "Cop");
      assertThatExceptionOfType(ServerException.class)
          .isThrownBy(() -> apps.create("\u0441\u043e\u0440", "all Cyrillic"))
          .withMessageContaining("looks like the app cop");
      var other = apps.create("\u0440\u0430\u0440", "all Cyrillic");
      assertThat(other.appId()).hasSize(3);
      assertThatExceptionOfType(ServerException.class)
          .isThrownBy(() -> apps.create("pap", "all Latin"))
          .withMessageContaining("looks like the app");
    }
  }
}
