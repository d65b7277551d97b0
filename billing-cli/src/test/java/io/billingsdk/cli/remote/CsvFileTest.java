package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.remote.CsvFile.CsvRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvFileTest {
  private static final List<String> COLUMNS = List.of("customer", "net");

  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("rows.csv"), text);
  }

  @Test
  void read_rowsAsSpreadsheetsWriteThem_haveTheirValuesAndLines() throws IOException {
    Path file =
        file("\uFEFFcustomer, net,more\r\n\"a \"\"b\"\", c\nd\",5 ,\r\n\r\n e,\"-1.50\",\"x\"");

    List<CsvRow> rows = CsvFile.read(file, COLUMNS);

    assertThat(rows)
        .extracting(each -> each.value("customer"))
        .containsExactly("a \"b\", c\nd", "e");
    assertThat(rows).extracting(each -> each.value("net")).containsExactly("5", "-1.50");
    assertThat(rows).extracting(each -> each.value("more")).containsExactly("", "x");
    assertThat(rows).extracting(CsvRow::line).containsExactly(2, 5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          customer;a     | must have a column net in its first line
          customer,net;a | line 2 of
          customer,net;a | must have 2 fields, as the first one, but has 1
          customer,net;"a,1 | must end its quotes
          customer,net;"a"b,1 | line 2 of
          customer,net;"a"b,1 | must have a comma after a field in quotes
          """)
  void read_wrongFile_saysWhatIsWrongAndWhere(String lines, String said) throws IOException {
    Path file = file(lines.replace(';', '\n'));

    assertThatThrownBy(() -> CsvFile.read(file, COLUMNS))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining(said);
  }

  @Test
  void withLine_refusalOfARow_hasItsLine_andOthersStayAsTheyAre() throws IOException {
    Path file = file("customer,net\n\na,1\nb,2\n");
    List<CsvRow> rows = CsvFile.read(file, COLUMNS);

    assertThat(CsvFile.withLine(new CommandException("rows[1].net must be less"), rows, file))
        .hasMessage("rows[1].net must be less; rows[1] is line 4 of " + file);
    for (String other : List.of("rows[2].net must be less", "the server refuses (403)")) {
      assertThat(CsvFile.withLine(new CommandException(other), rows, file)).hasMessage(other);
    }
  }
}
