package io.billingsdk.server.comparison;

import io.billingsdk.rating.Money;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * An invoice of another system, or a part of one. Immutable.
 *
 * @param month of its issue date
 * @param net after discounts, without tax; below 0 for what was given back
 * @param tax null if it is not known
 */
record TheirRow(String customer, YearMonth month, Money net, @Nullable Money tax) {}
