package io.billingsdk.rating.properties;

import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Usage;
import java.util.List;

/**
 * A charge, and what was used up to several moments of one period.
 *
 * @param rising whether usage never falls from one to the next
 * @param monotone whether more usage can never cost less
 */
record Scenario(Charge charge, List<Usage> moments, boolean rising, boolean monotone) {}
