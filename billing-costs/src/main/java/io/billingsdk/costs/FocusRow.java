package io.billingsdk.costs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** A line of a cost in the columns of FOCUS; a column that is left out is null. */
record FocusRow(FocusContext context, CostRecord record, CostLine line) {

  void fill(Map<FocusColumn, String> row) {
    account(row);
    times(row);
    service(row);
    quantities(row);
    costs(row);
  }

  private void account(Map<FocusColumn, String> row) {
    row.put(FocusColumn.BILLING_ACCOUNT_ID, FocusWriter.text(context.accountId()));
    row.put(FocusColumn.BILLING_ACCOUNT_NAME, FocusWriter.text(context.accountName()));
    row.put(FocusColumn.BILLING_ACCOUNT_TYPE, "Account");
    record
        .userId()
        .ifPresent(
            user -> {
              row.put(FocusColumn.SUB_ACCOUNT_ID, FocusWriter.text(user));
              row.put(FocusColumn.SUB_ACCOUNT_TYPE, "User");
            });
    ObjectNode tags = JsonNodeFactory.instance.objectNode();
    tags.put("record", record.recordId());
    record.executionId().ifPresent(execution -> tags.put("execution", execution));
    record.corrects().ifPresent(corrected -> tags.put("corrects", corrected));
    row.put(FocusColumn.TAGS, tags.toString());
  }

  private void times(Map<FocusColumn, String> row) {
    // Moments are cut to the second, as FOCUS writes them.
    Instant start = record.at().truncatedTo(ChronoUnit.SECONDS);
    LocalDate month = LocalDate.ofInstant(start, ZoneOffset.UTC).withDayOfMonth(1);
    row.put(FocusColumn.CHARGE_PERIOD_START, start.toString());
    row.put(FocusColumn.CHARGE_PERIOD_END, start.plusSeconds(1).toString());
    row.put(FocusColumn.BILLING_PERIOD_START, startOf(month));
    row.put(FocusColumn.BILLING_PERIOD_END, startOf(month.plusMonths(1)));
  }

  private static String startOf(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant().toString();
  }

  private void service(Map<FocusColumn, String> row) {
    PriceQuery query = record.cost().query();
    String provider = FocusWriter.text(query.provider().orElse("unnamed"));
    row.put(FocusColumn.PROVIDER_NAME, provider);
    row.put(FocusColumn.PUBLISHER_NAME, provider);
    row.put(FocusColumn.INVOICE_ISSUER_NAME, provider);
    row.put(FocusColumn.SERVICE_NAME, FocusWriter.text(query.model()));
    boolean isStorage = line.bucket().dimension() == Dimension.BYTES;
    boolean isKept = line.bucket().dimension() == Dimension.GB_MONTHS;
    row.put(
        FocusColumn.SERVICE_CATEGORY, isStorage || isKept ? "Storage" : "AI and Machine Learning");
    row.put(
        FocusColumn.SERVICE_SUBCATEGORY, isStorage || isKept ? "Other (Storage)" : "Generative AI");
    query.region().ifPresent(region -> row.put(FocusColumn.REGION_ID, FocusWriter.text(region)));
    row.put(FocusColumn.SKU_ID, FocusWriter.text(query.model() + "/" + line.pricedAs().key()));
    row.put(FocusColumn.SKU_METER, line.bucket().key());
    record
        .cost()
        .pins()
        .priceId()
        .ifPresent(price -> row.put(FocusColumn.SKU_PRICE_ID, price + "/" + line.pricedAs().key()));
    row.put(FocusColumn.CHARGE_CATEGORY, "Usage");
    row.put(FocusColumn.CHARGE_FREQUENCY, "Usage-Based");
    row.put(FocusColumn.CHARGE_DESCRIPTION, FocusWriter.text(query.model() + " " + line));
    record.corrects().ifPresent(any -> row.put(FocusColumn.CHARGE_CLASS, "Correction"));
  }

  private void quantities(Map<FocusColumn, String> row) {
    BigDecimal packages =
        line.billed().divide(line.size(), Amounts.ROUNDED_DECIMALS, RoundingMode.HALF_UP);
    String unit = unit(line.bucket().dimension());
    String size = line.size().compareTo(BigDecimal.ONE) == 0 ? "" : Check.plain(line.size()) + " ";
    row.put(FocusColumn.CONSUMED_QUANTITY, number(line.quantity()));
    row.put(FocusColumn.CONSUMED_UNIT, unit);
    row.put(FocusColumn.PRICING_QUANTITY, number(packages));
    row.put(FocusColumn.PRICING_UNIT, size + unit);
    row.put(FocusColumn.PRICING_CATEGORY, "Standard");
  }

  private void costs(Map<FocusColumn, String> row) {
    String currency = record.cost().currency().orElseThrow();
    String amount = number(line.amount());
    String price = FocusWriter.number(line.price());
    row.put(FocusColumn.BILLING_CURRENCY, currency);
    row.put(FocusColumn.PRICING_CURRENCY, currency);
    row.put(FocusColumn.BILLED_COST, amount);
    row.put(FocusColumn.EFFECTIVE_COST, amount);
    row.put(FocusColumn.CONTRACTED_COST, amount);
    row.put(FocusColumn.LIST_COST, amount);
    row.put(FocusColumn.PRICING_CURRENCY_EFFECTIVE_COST, amount);
    row.put(FocusColumn.LIST_UNIT_PRICE, price);
    row.put(FocusColumn.CONTRACTED_UNIT_PRICE, price);
    row.put(FocusColumn.PRICING_CURRENCY_LIST_UNIT_PRICE, price);
    row.put(FocusColumn.PRICING_CURRENCY_CONTRACTED_UNIT_PRICE, price);
  }

  private String number(BigDecimal value) {
    return FocusWriter.number(record.signed(value));
  }

  private static String unit(Dimension dimension) {
    return switch (dimension) {
      case TOKENS -> "Tokens";
      case SECONDS -> "Seconds";
      case BYTES -> "Bytes";
      case GB_MONTHS -> "GiB-Months";
      case CHARACTERS -> "Characters";
      case IMAGES -> "Images";
      case PAGES -> "Pages";
      case CALLS -> "Calls";
    };
  }
}
