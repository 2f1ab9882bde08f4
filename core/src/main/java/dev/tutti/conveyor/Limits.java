package dev.tutti.conveyor;

/**
 * How much the conveyor takes on.
 *
 * @param jobsPerRound commands that are decided together
 * @param jobsPerBatch commands that share a transaction
 * @param rowsPerBatch rows after which a transaction takes no further command
 * @param queued commands that may wait in one lane; more are turned away
 * @param lossesBeforeGivingUp rounds a command may lose at the guard before it is shown an empty supply
 * @param skipsBeforeWaiting rounds an aggregate may be found locked before it is waited for
 * @param rerunsBeforeGivingUp times a command may be run again after a conflict
 */
public record Limits(
        int jobsPerRound,
        int jobsPerBatch,
        int rowsPerBatch,
        int queued,
        int lossesBeforeGivingUp,
        int skipsBeforeWaiting,
        int rerunsBeforeGivingUp) {
    public static final Limits STANDARD = new Limits(256, 256, 10_000, 20_000, 10, 3, 50);
}
