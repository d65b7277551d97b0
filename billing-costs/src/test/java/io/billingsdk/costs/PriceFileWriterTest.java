package io.billingsdk.costs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written is read as the same rows: a version of a catalogue is stored so. */
final class PriceFileWriterTest {
  private static final String ALL =
      """
      {"version":1,"prices":[
        {"provider":"p","model":"m","currency":"EUR","source":"s","checkedOn":"2026-01-02",
         "region":"eu","serviceTier":"flex","window":"23:30-01:00","accountOverride":true,
         "validFrom":"2026-01-01T00:00:00Z","validTo":"2027-01-01T00:00:00Z",
         "batchMultiplier":"0.5",
         "match":{"or":[{"equals":"a"},{"and":[{"starts_with":"b"},{"ends_with":"c"}]},
                        {"contains":"d"},{"regex":"^e[0-9]$"}]},
         "prices":{
           "input_tokens":{"price":"1.250","per":"1m_tokens","minimum":"10",
             "tiers":[{"over":200000,"price":"2.5"},{"over":"300000","operator":"gte","price":3}]},
           "video_seconds":{"price":"0.004","per":"second","package":"45","rounding":"started"}}},
        {"provider":"p","model":"free","currency":"USD","source":"s",
         "prices":{"output_tokens":{"price":0,"per":"token"}}}]}
      """;

  @Test
  void write_ofRowsWithEachField_isReadAsTheSameRows() {
    List<PriceRow> rows = PriceFile.read(ALL).rows();
    List<PriceRow> again = PriceFile.read(PriceFile.write(rows)).rows();
    assertThat(again.stream().map(PriceRow::canonical).toList())
        .isEqualTo(rows.stream().map(PriceRow::canonical).toList());
    assertThat(again.get(0).source()).isEqualTo(rows.get(0).source());
  }

  @Test
  void write_ofTheShippedPrices_hasTheirVersion() {
    Catalogue shipped = Catalogue.shipped();
    List<PriceRow> again = PriceFile.read(PriceFile.write(shipped.rows())).rows();
    assertThat(Catalogue.of(again)).isEqualTo(shipped);
  }
}
