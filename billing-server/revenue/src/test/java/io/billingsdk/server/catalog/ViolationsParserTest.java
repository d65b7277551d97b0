package io.billingsdk.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.catalog.ViolationTerms.Action;
import io.billingsdk.server.catalog.ViolationTerms.End;
import io.billingsdk.server.catalog.ViolationTerms.Window;
import io.billingsdk.server.common.RequestRefusedException;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViolationsParserTest {
  private static List<ViolationTerms> read(String rule) {
    return EntitlementsParser.read(
            Fields.of(CatalogYaml.read("models: all\nviolations:\n  - " + rule)),
            java.util.Map.of())
        .entitlements()
        .violations();
  }

  @Test
  void read_withDefaults_andWithAll() {
    assertThat(read("{after: 10, then: block}"))
        .containsExactly(
            new ViolationTerms(
                10, Window.DAY, ViolationTerms.USUAL_REASONS, Action.BLOCK, null, End.LIFTED));
    assertThat(
            read(
                "{after: 1, per: hour, then: lowerRate, rate: {perSecond: 0.5, burst: 2},"
                    + " until: nextDay, reasons: [MODEL]}"))
        .containsExactly(
            new ViolationTerms(
                1,
                Window.HOUR,
                List.of("MODEL"),
                Action.LOWER_RATE,
                new RateTerms(new BigDecimal("0.5"), 2),
                End.NEXT_DAY));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {then: block} | violations[0].after must be a whole number from 1 to 1000000000
          {after: 0, then: block} | violations[0].after must be
          {after: 1} | violations[0].then must be one of notify, askForUpgrade, lowerRate, block
          {after: 1, then: stop} | violations[0].then must be one of
          {after: 1, per: week, then: block} | violations[0].per must be one of hour, day
          {after: 1, then: lowerRate} | violations[0].rate must be given with lowerRate
          {after: 1, then: block, rate: {perSecond: 1, burst: 1}} | violations[0].rate must be given with lowerRate
          {after: 1, then: notify, until: nextDay} | violations[0].until must be left out
          {after: 1, then: block, reasons: [FUN]} | violations[0].reasons must be a list of one or more of QUOTA
          {after: 1, then: block, reasons: []} | violations[0].reasons must be a list of one or more of QUOTA
          """)
  void read_ofARuleThatIsWrong_isRefusedByTheField(String rule, String message) {
    assertThatThrownBy(() -> read(rule))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining(message);
  }
}
