package io.billingsdk.server.tax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.tax.RateTable.RateRow;
import io.billingsdk.server.tax.TaxPlaces.Place;
import io.billingsdk.testbed.Proof;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped table, and tables with faults. */
class RateFileTest {
  private static final String HEAD =
      "edition,2027-01-01\ncountry,region,percent,valid_from,valid_to,source\n";

  @Test
  void shipped_hasEachMemberState_andASourceForEachRow() {
    RateTable table = RateFile.shipped();
    LocalDate first = LocalDate.of(2018, 7, 1);
    Set<String> union =
        table.rows().stream()
            .map(row -> row.place().country())
            .filter(country -> Countries.isInUnion(new Place(country, null), table.edition()))
            .collect(Collectors.toSet());
    assertThat(union).hasSize(27);
    for (RateRow row : table.rows()) {
      assertThat(table.require(row.place(), first).percent()).isPositive();
      assertThat(table.require(row.place(), table.edition()).to()).isNull();
    }
    Proof.of("tax-table")
        .with("rows", table.rows().size())
        .with("member_states", union.size())
        .with("places", table.rows().stream().map(RateRow::place).distinct().count())
        .with("without_source", table.rows().stream().filter(r -> r.source().isBlank()).count())
        .print();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DE,,19,2027-01-01,,law;DE,,20,2028-01-01,,law      | row 4, valid_from must be of another place: row 3 of DE is open
          DE,,19,2027-01-01,2027-06-30,law;DE,,20,2027-06-30,,law | row 4, valid_from must be 2027-07-01, the day after row 3, otherwise the two overlap
          DE,,19,2027-01-01,2027-06-30,law;DE,,20,2027-07-02,,law | otherwise the two leave a gap
          DE,,19,2027-01-01,2026-06-30,law                   | row 3, valid_to must be empty, or not before valid_from 2027-01-01
          ZZ,,19,2027-01-01,,law                             | row 3, place.country must be the ISO 3166 code
          US,ZZ,19,2027-01-01,,law                           | row 3, place.region must be the code of a state
          DE,,-1,2027-01-01,,law                             | row 3, percent must be 0 to below 100
          DE,,100,2027-01-01,,law                            | row 3, percent must be 0 to below 100
          DE,,1e1,2027-01-01,,law                            | row 3, percent must be 0 to below 100
          DE,,19,2027-02-30,,law                             | row 3, valid_from must be a day
          DE,,19,2027-01-01,,                                | row 3, source must be the law
          DE,,19,2027-01-01,law                              | row 3, cells must be 6 cells, but there are 5
          DE,,19,2027-01-01,,"law                            | row 3 must be a row whose quotation marks are closed
          """)
  void parse_ofATableWithAFault_namesTheRow(String rows, String message) {
    assertThatThrownBy(() -> RateFile.parse(HEAD + rows.replace(';', '\n')))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining(message);
  }

  @Test
  void parse_withoutEditionColumnsOrRows_isRefused() {
    for (String text : List.of("", "a\nb\nc\n", HEAD, HEAD.replace("percent", "rate") + "x\n")) {
      assertThatThrownBy(() -> RateFile.parse(text)).isInstanceOf(RequestRefusedException.class);
    }
  }
}
