package io.billingsdk.rating;

/**
 * How a charge makes an amount of what was used. The models are all there are:
 *
 * <ul>
 *   <li>{@link FlatPrice}: the same amount whatever was used
 *   <li>{@link UnitPrice}: each unit costs the same
 *   <li>{@link GraduatedPrice}: the units inside each tier cost that tier's price
 *   <li>{@link VolumePrice}: all units cost the price of the tier that the quantity is in
 *   <li>{@link PackagePrice}: a price for each package of units
 *   <li>{@link BlockPrice}: tiers of packages
 *   <li>{@link CapacityPrice}: the lowest tier that holds all peaks
 *   <li>{@link PercentagePrice}: a share of each event's amount
 *   <li>{@link GraduatedPercentagePrice}: a share by tiers of the sum
 * </ul>
 *
 * <p>Prices are 0 to below 10^15 with at most 18 decimals, in the currency of the {@link Charge}.
 * Immutable, and equal by what they hold.
 */
public sealed interface PriceModel
    permits FlatPrice,
        UnitPrice,
        GraduatedPrice,
        VolumePrice,
        PackagePrice,
        BlockPrice,
        CapacityPrice,
        PercentagePrice,
        GraduatedPercentagePrice {}
