package io.billingsdk.rating;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a charge was agreed to be.
 *
 * @param models the models of single values; without a dimension empty
 * @param model the model of all other values, or of everything
 */
record ChargeTerms(
    String currency,
    @Nullable String dimension,
    Map<String, PriceModel> models,
    @Nullable PriceModel model,
    @Nullable Conversion conversion,
    Fraction discountedUnits,
    Fraction includedUnits,
    @Nullable Discount discount,
    @Nullable Money maximum,
    @Nullable Money minimum) {

  PriceModel modelOf(String value) {
    PriceModel own = models.get(value);
    PriceModel found = own == null ? model : own;
    if (found == null) {
      throw new RatingInputException(
          "models",
          "given for each " + dimension + ", or a default model set",
          "without a price for " + '"' + value + '"');
    }
    return found;
  }
}
