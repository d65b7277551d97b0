/**
 * For the authors of billing-sdk: the buffer of accepted events; it imports nothing of its
 * siblings. The classes, in the order in which an event meets them:
 *
 * <ol>
 *   <li><b>The door.</b> {@link io.billingsdk.internal.journal.EventJournal}, which is a {@link
 *       io.billingsdk.internal.journal.DurableJournal} (made by {@code JournalOptions}), a {@link
 *       io.billingsdk.internal.journal.MemoryJournal} or a {@link
 *       io.billingsdk.internal.journal.DeadLetterJournal}; {@link
 *       io.billingsdk.internal.journal.BlockingJournal} around one of them waits for room. {@code
 *       JournalFigures} has the counts.
 *   <li><b>From the caller to the journal's thread.</b> {@code AppendQueue} numbers the event and
 *       bounds what waits. {@code JournalEngine} does a step at a time, without a thread of its
 *       own; {@code Secured} lets the end of the process wait.
 *   <li><b>Onto the disk.</b> {@code RecordWriter} takes events off the queue; {@code
 *       ActiveSegment} has the file that grows; {@code SegmentWriter} writes it in {@code
 *       SegmentFormat}. {@code GroupCommit} decides when a force is due and a {@code Syncer}
 *       ({@code ThreadSyncer}) does it beside; {@code UnsyncedRecords} are kept until it has
 *       succeeded.
 *   <li><b>Read again.</b> {@code SegmentLog} has all segments, in a {@code SegmentStore}; each is
 *       a {@code StoredSegment} with a {@code SegmentName}. A {@code SegmentCursor} reads them by
 *       {@code MergedOrder} with a {@code SegmentReader}.
 *   <li><b>Out and back.</b> {@code DeliveryQueue} hands it out as a {@code JournalRecord} and
 *       takes its {@code Ack}. {@code AckRecorder} writes that down: {@code SegmentAcks} with
 *       {@code AckedRanges} in an {@code AckFile}, or {@code Quarantine} for what is refused or
 *       damaged.
 *   <li><b>Kept for a ledger that was restored.</b> {@code DeliveredRetention} keeps delivered
 *       segments ({@code Retention}, {@code RetainedSegments}, {@code RetainedName}); {@code
 *       RestoreRedelivery} hands them out again for another ledger ({@code PeerLedgerFile}, {@code
 *       SlotRestore}).
 *   <li><b>Left by another process.</b> {@code HeldSlots} takes a {@code Slot} with a {@code
 *       SlotDirectory} that may be trusted; {@code SegmentOpener} opens what is in it ({@code
 *       NewerFormatException}) and {@code SegmentCounter} counts it.
 *   <li><b>When the disk fails.</b> {@code StorageHealth} says whether it takes records, {@code
 *       Reserve} gives room back, {@code DroppedRecords} ({@code DroppedRange}) were given up.
 *       {@code Whereabouts} sees a directory that is gone ({@code GoneException}); {@code Rescue}
 *       writes the events elsewhere.
 *   <li><b>Afterwards.</b> {@code KeyErasing} takes API keys out; {@code DeadLetters} and {@code
 *       Rewriting} bring back what was refused; {@code JournalInspector} looks without changing.
 * </ol>
 *
 * <p>All file I/O goes through {@code JournalFiles} ({@code RealJournalFiles}), the seam at which
 * tests crash it.
 *
 * <p>This package is internal and may change at any time.
 */
@NullMarked
package io.billingsdk.internal.journal;

import org.jspecify.annotations.NullMarked;
