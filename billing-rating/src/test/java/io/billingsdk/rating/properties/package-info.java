/**
 * What must hold for every input: random plans, usage, periods and invoices from printed seeds.
 * Each property is also shown to find bugs that are planted.
 */
@NullMarked
package io.billingsdk.rating.properties;

import org.jspecify.annotations.NullMarked;
