package io.billingsdk.server.tax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.rating.TaxRate.Component;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          :5;PST:7             | row 4, components[0].name must be 1 to 32 letters
          GST:5;7:7            | row 4, components[1].name must be 1 to 32 letters
          GST:5;PST:8          | row 4, components must be in sum 12
          GST:5;PST:-7         | row 4, components[1].percent must be above 0
          GST:12;PST:0         | row 4, components[1].percent must be above 0
          GST:5;PST:7e0        | row 4, components[1].percent must be above 0
          GST:5;PST            | row 4, components[1] must be a name and a percent, as GST:5
          GST:6;GST:6          | row 4, components must be of different names
          A:2;B:2;C:2;D:2;E:4  | row 4, components must be at most 4
          """)
  void parse_ofWrongComponents_namesTheRowAndTheField(String components, String message) {
    String rows = "DE,,19,2027-01-01,,law,\nCA,BC,12,2027-01-01,,law," + components + "\n";
    assertThatThrownBy(() -> RateFile.parse(HEAD.replace("source", "source,components") + rows))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining(message);
  }

  @Test
  void parse_ofARowWithoutTheCellOfComponents_isRefused() {
    assertThatThrownBy(
            () ->
                RateFile.parse(
                    HEAD.replace("source", "source,components") + "DE,,19,2027-01-01,,law\n"))
        .hasMessageContaining("row 3, cells must be 7 cells, but there are 6");
  }

  @Test
  void shipped_ofBritishColumbia_hasBothTaxes_andOthersHaveNone() {
    RateTable table = RateFile.shipped();
    RateRow row = table.require(new Place("CA", "BC"), table.edition());
    assertThat(row.components())
        .containsExactly(Component.of("GST", "5"), Component.of("PST", "7"));
    assertThat(table.rows()).filteredOn(each -> !each.components().isEmpty()).hasSize(1);
  }

  @Test
  void parse_withoutEditionColumnsOrRows_isRefused() {
    for (String text : List.of("", "a\nb\nc\n", HEAD, HEAD.replace("percent", "rate") + "x\n")) {
      assertThatThrownBy(() -> RateFile.parse(text)).isInstanceOf(RequestRefusedException.class);
    }
  }
}
